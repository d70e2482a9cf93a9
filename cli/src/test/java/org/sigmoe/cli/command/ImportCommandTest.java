package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.run.Checkpoints;
import org.sigmoe.cli.run.TrainedModel;
import org.sigmoe.nn.checkpoint.ElementType;
import org.sigmoe.nn.checkpoint.NamedTensor;
import org.sigmoe.nn.checkpoint.SafetensorsReader;
import org.sigmoe.nn.checkpoint.SafetensorsWriter;
import org.sigmoe.nn.checkpoint.TensorSpec;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenSet;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.data.StoredTokenizer;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.eval.EvaluationConfig;
import org.sigmoe.xl.eval.EvaluationListener;
import org.sigmoe.xl.eval.Evaluator;

/** Runs of weights that the paper's own code, PyTorch or this program has written. */
class ImportCommandTest {
  private static final String GOLDEN_MODEL =
      """
      model: {vocabulary: 11, dModel: 16, layers: 2, heads: 2, headSize: 7, context: 5, memory: 5}
      """;

  /** A run of a model of our own. */
  private static Path trained = Path.of("");

  @TempDir private Path folder;

  private Path run() {
    return folder.resolve("run");
  }

  private Path checkpoint(Path run, String step) {
    return run.resolve("checkpoints/step-" + step + "/model.safetensors");
  }

  private Path yaml(String text) throws IOException {
    return Files.writeString(folder.resolve("model.yaml"), text);
  }

  private Cli importing(Path file, Path config, String... more) {
    List<String> arguments = new ArrayList<>(List.of("import", file.toString()));
    arguments.addAll(List.of("--config", config.toString(), "--out", run().toString()));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(String[]::new));
  }

  // ---- models of the paper's own code

  private static GoldenCase golden(String name) throws IOException {
    return GoldenSet.all().stream()
        .flatMap(set -> Stream.of("foundation", "families").flatMap(due -> set.due(due).stream()))
        .filter(golden -> golden.family().equals("txl") && golden.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The parameters of a golden model as the file that {@code save_file} makes of its state. */
  private Path stateOf(GoldenCase golden, List<NamedTensor> beside) throws IOException {
    Path file = folder.resolve("paper.safetensors");
    try (SafetensorsReader reader = SafetensorsReader.open(golden.file());
        Arena arena = Arena.ofConfined()) {
      List<NamedTensor> state = new ArrayList<>(beside);
      for (String name : golden.tensors().keySet()) {
        if (!name.matches("seg\\d+\\..*")) {
          NamedTensor tensor = reader.tensor(golden.prefix() + name);
          MemorySegment copy = arena.allocate(tensor.data().byteSize()).copyFrom(tensor.data());
          state.add(new NamedTensor(renamed(tensor.spec(), name), copy));
        }
      }
      new SafetensorsWriter().write(file, state, Map.of("format", "pt"));
    }
    return file;
  }

  private static TensorSpec renamed(TensorSpec spec, String name) {
    return new TensorSpec(name, spec.type(), spec.shape());
  }

  @ParameterizedTest
  @CsvSource({
    "lm_dense, 'dense, dFeedForward: 24'",
    "lm_moe, 'sigma-moe, experts: 4, expertSize: 8, k: 2'"
  })
  void modelOfThePapersCodeHasItsLossesAndIsWrittenAsItWas(String name, String block)
      throws IOException {
    GoldenCase golden = golden(name);
    Path file = stateOf(golden, List.of());

    importing(file, yaml(GOLDEN_MODEL + "model.feedForward: {family: %s}\n".formatted(block)))
        .done();

    assertEquals(goldenLoss(golden), loss(golden), 2e-5 * goldenLoss(golden));
    assertEquals(-1, Files.mismatch(file, checkpoint(run(), "00000000")));
  }

  /** Mean over segments; each has as many tokens. */
  private static double goldenLoss(GoldenCase golden) throws IOException {
    try (SafetensorsReader reader = SafetensorsReader.open(golden.file())) {
      double sum = 0;
      for (int segment = 0; segment < golden.count("seg"); segment++) {
        sum += reader.tensor(golden.prefix() + "seg" + segment + ".ce").toDoubles()[0];
      }
      return sum / golden.count("seg");
    }
  }

  /** Of the imported run, by evaluating the texts of the segments' columns one after the other. */
  private double loss(GoldenCase golden) throws IOException {
    Configuration config = Configuration.ofRun(new RunLayout(run()).config(), Settings.empty());
    try (TrainedModel trained =
            TrainedModel.open(
                new RunLayout(run()), config, new Checkpoints.Best(), text -> {}, text -> {});
        Evaluator evaluator =
            Evaluator.prepare(
                trained.model(),
                trained.engine(),
                EvaluationConfig.ofTraining(config.run().model(), 1))) {
      double sum = 0;
      for (int row = 0; row < golden.hyper("B"); row++) {
        sum += evaluator.evaluate(text(golden, row), EvaluationListener.NONE).loss();
      }
      return sum / golden.hyper("B");
    }
  }

  /** A row of all segments, whose tokens are [T, B] in the file, and the last target. */
  private static TokenSource text(GoldenCase golden, int row) throws IOException {
    int rows = golden.hyper("B");
    int context = golden.hyper("T");
    List<Integer> tokens = new ArrayList<>();
    try (SafetensorsReader reader = SafetensorsReader.open(golden.file())) {
      for (int segment = 0; segment < golden.count("seg"); segment++) {
        String name = golden.prefix() + "seg" + segment;
        long[] read = reader.tensor(name + ".tokens").toLongs();
        IntStream.range(0, context).forEach(t -> tokens.add((int) read[t * rows + row]));
        if (segment == golden.count("seg") - 1) {
          tokens.add((int) reader.tensor(name + ".targets").toLongs()[(context - 1) * rows + row]);
        }
      }
    }
    return new TokenSource() {
      @Override
      public String description() {
        return "row " + row;
      }

      @Override
      public long length() {
        return tokens.size();
      }

      @Override
      public void read(long position, int count, MemorySegment target, long index) {
        for (int i = 0; i < count; i++) {
          target.setAtIndex(ValueLayout.JAVA_INT, index + i, tokens.get((int) position + i));
        }
      }
    };
  }

  @Test
  void theRunHasTheTokenizerOfItsDataAndCanBeEvaluated() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "abcdefghijjihgfedcba\n".repeat(400));
    Path data = folder.resolve("data");
    Cli.run(
            "data",
            "text",
            "--from",
            text.toString(),
            "--tokenizer",
            "characters",
            "--out",
            data.toString())
        .done();
    Path config =
        yaml(
            GOLDEN_MODEL
                + "model.feedForward: {family: dense, dFeedForward: 24}\ndata: {path: %s}\n"
                    .formatted(data));

    importing(stateOf(golden("lm_dense"), List.of()), config).done();

    assertTrue(StoredTokenizer.in(run()).isPresent());
    Cli.run("eval", run().toString(), "--engine", "reference", "--batch", "1").done();
  }

  /** The paper's code saves a buffer beside the parameters of each mixture. */
  @Test
  void usageCountsOfThePapersCodeAreLeftOut() throws IOException {
    GoldenCase golden = golden("lm_moe");
    try (Arena arena = Arena.ofConfined()) {
      NamedTensor counts =
          new NamedTensor(
              TensorSpec.of("layers.0.pkm.kv_sel_counts_100", ElementType.F32, 4, 8),
              arena.allocate(128));
      Path with = stateOf(golden, List.of(counts));
      Path config =
          yaml(
              GOLDEN_MODEL
                  + "model.feedForward: {family: sigma-moe, experts: 4, expertSize: 8, k: 2}\n");

      importing(with, config).done();
    }
    Path without = stateOf(golden, List.of());
    assertEquals(-1, Files.mismatch(without, checkpoint(run(), "00000000")));
  }

  @Test
  void tensorsOfAnotherModelAreNamedAndNothingIsWritten() throws IOException {
    Path file = stateOf(golden("lm_moe"), List.of());
    Path config =
        yaml(
            GOLDEN_MODEL
                + "model.feedForward: {family: sigma-moe, experts: 2, expertSize: 8, k: 2}\n");

    Cli refused = importing(file, config);

    assertEquals(1, refused.exitCode());
    assertTrue(
        refused
            .err()
            .contains("layers.0.pkm.keys: F32[2, 16, 8] in the model, F32[4, 16, 8] in the file"),
        refused.err());
    assertFalse(Files.exists(run()));
  }

  // ---- models of our own

  @BeforeAll
  static void train(@TempDir Path shared) throws IOException {
    Path text =
        Files.writeString(
            shared.resolve("text"), "the quick brown fox jumps over the lazy dog\n".repeat(300));
    trained = shared.resolve("trained");
    Cli.run(
            "train",
            "--data",
            text.toString(),
            "--out",
            trained.toString(),
            "--layers",
            "1",
            "--d-model",
            "8",
            "--heads",
            "2",
            "--d-ff",
            "12",
            "--context",
            "8",
            "--memory",
            "8",
            "--batch",
            "2",
            "--steps",
            "6",
            "--warmup",
            "0",
            "--quiet")
        .done();
  }

  private static JsonNode evaluation(Path run) {
    return Cli.run("eval", run.toString(), "--json").done().json();
  }

  @Test
  void importedRunIsEvaluatedAndTrainedOnAsAnyOther() throws IOException {

    importing(checkpoint(trained, "00000006"), trained.resolve("config.yaml"), "--step", "6")
        .done();

    double loss = evaluation(run()).get("loss").doubleValue();
    assertEquals(evaluation(trained).get("loss").doubleValue(), loss);
    assertEquals(6, evaluation(run()).get("step").intValue());
    Cli.run("train", "--resume", run().toString(), "--steps", "20", "--quiet").done();
    JsonNode on = evaluation(run());
    assertEquals(20, on.get("step").intValue());
    assertTrue(on.get("loss").doubleValue() < loss, "it learns: " + on);
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16", "F64"})
  void otherFloatingPointTypesAreConverted(ElementType type) throws IOException {
    Path file = folder.resolve("other.safetensors");
    try (SafetensorsReader reader = SafetensorsReader.open(checkpoint(trained, "00000006"));
        Arena arena = Arena.ofConfined()) {
      List<NamedTensor> others = new ArrayList<>();
      for (TensorSpec spec : reader.specs()) {
        others.add(converted(reader.tensor(spec.name()), type, arena));
      }
      new SafetensorsWriter().write(file, others, Map.of());
    }

    importing(file, trained.resolve("config.yaml")).done();

    double tolerance = type == ElementType.F64 ? 0 : type == ElementType.F16 ? 1e-3 : 1e-2;
    assertEquals(
        evaluation(trained).get("loss").doubleValue(),
        evaluation(run()).get("loss").doubleValue(),
        tolerance);
  }

  private static NamedTensor converted(NamedTensor tensor, ElementType type, Arena arena) {
    TensorSpec spec = new TensorSpec(tensor.name(), type, tensor.spec().shape());
    MemorySegment data = arena.allocate(spec.byteSize(), 8);
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      switch (type) {
        case F16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(values[i]));
        case BF16 ->
            data.setAtIndex(
                ValueLayout.JAVA_SHORT, i, (short) (Float.floatToIntBits(values[i]) >>> 16));
        case F64 -> data.setAtIndex(ValueLayout.JAVA_DOUBLE, i, values[i]);
        default -> throw new AssertionError(type);
      }
    }
    return new NamedTensor(spec, data);
  }

  @Test
  void pickleIsRefusedWithWhatToDo() throws IOException {
    String message = importing(folder.resolve("model-100000.pth"), yaml("steps: 1\n")).refused();

    assertTrue(message.contains("is a pickle of PyTorch"), message);
    assertTrue(message.contains("safetensors first"), message);
  }

  @Test
  void stepBelowZeroAndFolderOfARunAreRefused() throws IOException {
    Path file = checkpoint(trained, "00000006");
    Path config = trained.resolve("config.yaml");

    assertEquals(
        "--step: must be at least 0, got -1", importing(file, config, "--step=-1").refused());
    String message =
        Cli.run(
                "import",
                file.toString(),
                "--config",
                config.toString(),
                "--out",
                trained.toString())
            .refused();
    assertTrue(message.contains("holds a run already"), message);
  }
}
