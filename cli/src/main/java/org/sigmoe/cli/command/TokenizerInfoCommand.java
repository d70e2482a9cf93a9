package org.sigmoe.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.Units;
import org.sigmoe.xl.tokenizer.sentencepiece.SentencePieceTokenizer;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.Piece;
import org.sigmoe.xl.tokenizer.sentencepiece.model.PieceType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.SentencePieceModel;
import org.sigmoe.xl.tokenizer.sentencepiece.model.SpecialPieces;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe tokenizer info}: what a model's file says. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = "Show the settings of a SentencePiece model, and its pieces.")
final class TokenizerInfoCommand implements Callable<Integer> {

  @Parameters(paramLabel = "MODEL", description = "A SentencePiece .model")
  private Path file = Path.of("");

  @Option(names = "--pieces", description = "Print each token, its piece and its score, no more")
  private boolean listsPieces;

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  private final Console console;

  private TokenizerInfoCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    return new CommandLine(new TokenizerInfoCommand(console));
  }

  @Override
  public Integer call() {
    SentencePieceModel model = SentencePieceTokenizer.open(file).model();
    if (json) {
      console.out().println(Json.line(object(model)));
    } else if (listsPieces) {
      for (int token = 0; token < model.pieces().size(); token++) {
        Piece piece = model.pieces().get(token);
        console.out().println(token + "\t" + piece.text() + "\t" + piece.score());
      }
    } else {
      print(model);
    }
    return ExitCode.DONE;
  }

  private ObjectNode object(SentencePieceModel model) {
    TrainerSpec trainer = model.trainer();
    ObjectNode object =
        Json.object()
            .put("model", file.toString())
            .put("modelType", label(trainer.modelType()))
            .put("pieces", model.pieces().size())
            .put("characterCoverage", trainer.characterCoverage())
            .put("maxSentencepieceLength", trainer.maxSentencepieceLength())
            .put("maxSentenceLength", trainer.maxSentenceLength())
            .put("inputSentenceSize", trainer.inputSentenceSize())
            .put("unkId", trainer.special().unknown())
            .put("bosId", trainer.special().begin())
            .put("eosId", trainer.special().end())
            .put("padId", trainer.special().padding())
            .put("normalizer", model.normalizer().name())
            .put("normalizerBytes", model.normalizer().charsMap().size());
    counts(model).forEach((type, count) -> object.put(label(type) + "Pieces", count));
    for (TrainerFlag flag : TrainerFlag.values()) {
      object.put(flag.label(), trainer.has(flag));
    }
    for (NormalizerFlag flag : NormalizerFlag.values()) {
      object.put(flag.label(), model.normalizer().flags().contains(flag));
    }
    if (listsPieces) {
      ArrayNode list = object.putArray("list");
      model
          .pieces()
          .forEach(
              piece ->
                  list.addObject()
                      .put("piece", piece.text())
                      .put("score", piece.score())
                      .put("type", label(piece.type())));
    }
    return object;
  }

  private void print(SentencePieceModel model) {
    TrainerSpec trainer = model.trainer();
    String types =
        counts(model).entrySet().stream()
            .map(count -> Units.count(count.getValue()) + " " + label(count.getKey()))
            .collect(Collectors.joining(", "));
    line("type", label(trainer.modelType()));
    line("pieces", "%s (%s)".formatted(Units.count(model.pieces().size()), types));
    line("special", special(trainer.special()));
    line("longest", "%d characters".formatted(longest(model.pieces())));
    line("coverage", trainer.characterCoverage() + " of the characters of the text");
    line("pieces are", labels(trainer));
    line("normaliser", normalizer(model));
  }

  private void line(String name, String value) {
    console.out().printf(Locale.ROOT, "%-11s %s%n", name, value);
  }

  private static String special(SpecialPieces special) {
    return "unknown %d, begin %d, end %d, padding %d"
        .formatted(special.unknown(), special.begin(), special.end(), special.padding())
        .replace("-1", "none");
  }

  private static int longest(List<Piece> pieces) {
    return pieces.stream()
        .filter(piece -> piece.type() == PieceType.NORMAL)
        .mapToInt(piece -> piece.text().codePointCount(0, piece.text().length()))
        .max()
        .orElse(0);
  }

  private static String labels(TrainerSpec trainer) {
    return List.of(TrainerFlag.values()).stream()
        .filter(trainer::has)
        .map(TrainerFlag::label)
        .collect(Collectors.joining(", "));
  }

  private static String normalizer(SentencePieceModel model) {
    String flags =
        List.of(NormalizerFlag.values()).stream()
            .filter(model.normalizer().flags()::contains)
            .map(NormalizerFlag::label)
            .collect(Collectors.joining(", "));
    return "%s (rules of %s); %s"
        .formatted(
            model.normalizer().name(), Units.bytes(model.normalizer().charsMap().size()), flags);
  }

  private static Map<PieceType, Integer> counts(SentencePieceModel model) {
    Map<PieceType, Integer> counts = new EnumMap<>(PieceType.class);
    model.pieces().forEach(piece -> counts.merge(piece.type(), 1, Integer::sum));
    return counts;
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
