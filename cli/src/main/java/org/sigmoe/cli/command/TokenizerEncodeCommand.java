package org.sigmoe.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.xl.tokenizer.sentencepiece.SentencePieceTokenizer;
import org.sigmoe.xl.tokenizer.sentencepiece.model.Piece;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe tokenizer encode}: shows what a text is to a model. */
@Command(
    name = "encode",
    mixinStandardHelpOptions = true,
    description = "Encode each line of standard input.")
final class TokenizerEncodeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "MODEL", description = "A SentencePiece .model")
  private Path file = Path.of("");

  @Option(names = "--text", paramLabel = "TEXT", description = "Encode this instead")
  private @Nullable String text;

  @Option(names = "--pieces", description = "Print pieces, where otherwise their numbers")
  private boolean asPieces;

  @Option(names = "--json", description = "Print a JSON object a line, with both")
  private boolean json;

  private final Console console;

  private TokenizerEncodeCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    return new CommandLine(new TokenizerEncodeCommand(console));
  }

  @Override
  public Integer call() throws IOException {
    SentencePieceTokenizer tokenizer = SentencePieceTokenizer.open(file);
    List<Piece> pieces = tokenizer.model().pieces();
    TokenizerLines.print(console, text, line -> shown(tokenizer.encode(line), pieces));
    return ExitCode.DONE;
  }

  private String shown(int[] tokens, List<Piece> pieces) {
    if (json) {
      ObjectNode object = Json.object();
      ArrayNode numbers = object.putArray("tokens");
      ArrayNode texts = object.putArray("pieces");
      for (int token : tokens) {
        numbers.add(token);
        texts.add(pieces.get(token).text());
      }
      return Json.line(object);
    }
    StringBuilder line = new StringBuilder();
    for (int token : tokens) {
      line.append(line.isEmpty() ? "" : " ");
      if (asPieces) {
        line.append(pieces.get(token).text());
      } else {
        line.append(token);
      }
    }
    return line.toString();
  }
}
