package org.sigmoe.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.xl.tokenizer.sentencepiece.SentencePieceTokenizer;
import org.sigmoe.xl.tokenizer.sentencepiece.model.Piece;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe tokenizer decode}: the text of tokens. */
@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    description = "Decode each line of standard input: tokens with spaces between them.")
final class TokenizerDecodeCommand implements Callable<Integer> {

  @Parameters(paramLabel = "MODEL", description = "A SentencePiece .model")
  private Path file = Path.of("");

  @Option(names = "--text", paramLabel = "TOKENS", description = "Decode these instead")
  private @Nullable String text;

  @Option(names = "--pieces", description = "Tokens are given as pieces, not as numbers")
  private boolean asPieces;

  @Option(names = "--json", description = "Print a JSON object a line")
  private boolean json;

  private final Console console;

  private TokenizerDecodeCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    return new CommandLine(new TokenizerDecodeCommand(console));
  }

  @Override
  public Integer call() throws IOException {
    SentencePieceTokenizer tokenizer = SentencePieceTokenizer.open(file);
    ToIntFunction<String> token = asPieces ? pieces(tokenizer) : numbers(tokenizer);
    TokenizerLines.print(
        console,
        text,
        line -> {
          String words = new String(line, StandardCharsets.UTF_8);
          int[] tokens =
              Stream.of(words.split(" ")).filter(word -> !word.isBlank()).mapToInt(token).toArray();
          String decoded = tokenizer.decode(tokens);
          return json ? Json.line(Json.object().put("text", decoded)) : decoded;
        });
    return ExitCode.DONE;
  }

  private static ToIntFunction<String> numbers(SentencePieceTokenizer tokenizer) {
    return word -> {
      try {
        int token = Integer.parseInt(word.strip());
        if (token >= 0 && token < tokenizer.vocabularySize()) {
          return token;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new UsageException(
          "'%s' is no token of the model, which are 0 to %d"
              .formatted(word, tokenizer.vocabularySize() - 1));
    };
  }

  private static ToIntFunction<String> pieces(SentencePieceTokenizer tokenizer) {
    Map<String, Integer> tokens = new HashMap<>();
    List<Piece> pieces = tokenizer.model().pieces();
    for (int token = 0; token < pieces.size(); token++) {
      tokens.putIfAbsent(pieces.get(token).text(), token);
    }
    return word -> {
      Integer token = tokens.get(word);
      if (token == null) {
        throw new UsageException("'%s' is no piece of the model".formatted(word));
      }
      return token;
    };
  }
}
