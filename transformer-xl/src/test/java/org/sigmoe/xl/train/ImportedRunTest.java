package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.NamedTensor;
import org.sigmoe.nn.checkpoint.SafetensorsReader;
import org.sigmoe.nn.checkpoint.SafetensorsWriter;
import org.sigmoe.nn.checkpoint.TensorSpec;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.model.StoredVariables;
import org.sigmoe.xl.model.Weights;

class ImportedRunTest {
  @TempDir Path folder;

  private SmallTraining training;
  private Path weights;
  private Path run;

  @BeforeEach
  void writeInitialWeights() throws IOException {
    training = SmallTraining.in(folder).withSteps(12);
    weights = folder.resolve("weights.safetensors");
    run = folder.resolve("run");
    write(tensors -> {});
  }

  /** Changes tensors before they are written. */
  @FunctionalInterface
  private interface Change {
    void of(List<NamedTensor> tensors);
  }

  private void write(Change change) throws IOException {
    LanguageModel model = new LanguageModel(training.config().model());
    try (Engine engine = training.openEngine();
        Arena arena = Arena.ofConfined()) {
      model.initialise(engine, training.config().seed());
      List<NamedTensor> tensors = new StoredVariables(Weights.variables(model), arena).read(engine);
      change.of(tensors);
      new SafetensorsWriter().write(weights, tensors, Map.of());
    }
  }

  private void create(long step) throws CheckpointException {
    create(training.config(), step);
  }

  private void create(TrainingConfig config, long step) throws CheckpointException {
    ImportedRun.create(run, "test: true\n".getBytes(StandardCharsets.UTF_8), config, weights, step);
  }

  private String refusal(TrainingConfig config) {
    String message = assertThrows(CheckpointException.class, () -> create(config, 0)).getMessage();
    assertFalse(Files.exists(run), "a folder is left");
    assertFalse(Files.exists(folder.resolve("run.tmp")), "a temporary folder is left");
    return message;
  }

  @Test
  void runOfImportedInitialWeightsIsTheOneThatBeganWithThem() throws IOException {
    training.start(folder.resolve("began"));
    create(0);

    training.resume(run);

    RunFiles.assertSame(folder.resolve("began"), run);
  }

  @Test
  void tensorsAreWrittenAsTheyCame() throws IOException {
    create(0);

    try (SafetensorsReader given = SafetensorsReader.open(weights);
        SafetensorsReader written =
            SafetensorsReader.open(run.resolve("checkpoints/step-00000000/model.safetensors"))) {
      assertEquals(given.specs(), written.specs());
      for (TensorSpec spec : given.specs()) {
        NamedTensor tensor = given.tensor(spec.name());
        assertEquals(-1, tensor.data().mismatch(written.tensor(spec.name()).data()), spec.name());
      }
    }
  }

  @Test
  void trainingGoesOnAtTheStepThatIsGivenAndItsDataIsThenItsOwn() throws IOException {
    create(7);
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();

    training.resume(run, recorder, new StopSignal());

    assertEquals("started 7", recorder.names().getFirst());
    assertEquals(List.of(), recorder.of(TrainingEvent.Warning.class));
    assertEquals(
        training.config().learningRate().at(7),
        recorder.of(TrainingEvent.StepDone.class).getFirst().learningRate());
    SmallTraining.writeText(training.data(), 5000);
    assertThrows(DataException.class, () -> training.withSteps(14).resume(run));
  }

  @Test
  void weightsOfAnotherModelAreNamedAndNothingIsWritten() {
    ModelConfig model = training.config().model();
    ModelConfig wider =
        new ModelConfig(256, 16, 2, 2, 8, new DenseConfig(25), 8, 16, model.dropout());

    String message = refusal(training.withModel(wider).config());

    assertTrue(message.contains("6 tensors differ"), message);
    assertTrue(
        message.contains(
            "layers.0.linear1.weight: F32[25, 16] in the model, F32[24, 16] in the file"),
        message);
  }

  @Test
  void weightsThatAreNoNumbersAreNamedAndNothingIsWritten() throws IOException {
    write(
        tensors -> {
          NamedTensor tensor = tensors.get(3);
          tensor.data().setAtIndex(ValueLayout.JAVA_FLOAT, 2, Float.NaN);
        });

    String message = refusal(training.config());

    assertTrue(message.startsWith(weights + ": element 2 of layers.0.self_attn."), message);
    assertTrue(message.contains(" is NaN"), message);
  }

  @Test
  void folderThatHoldsSomethingIsLeftAsItIs() throws IOException {
    Files.createDirectory(run);
    Files.writeString(run.resolve("notes.txt"), "mine");

    String message = assertThrows(CheckpointException.class, () -> create(0)).getMessage();

    assertTrue(message.startsWith(run + " is not empty"), message);
    assertEquals("mine", Files.readString(run.resolve("notes.txt")));
    Files.delete(run.resolve("notes.txt"));
    create(0);
    assertTrue(Files.exists(run.resolve("config.yaml")), "an empty folder is taken");
  }

  @Test
  void whatACrashedImportLeftIsReplaced() throws IOException {
    Path left = Files.createDirectories(folder.resolve("run.tmp"));
    Files.writeString(left.resolve("config.yaml"), "half");

    create(0);

    assertEquals("test: true\n", Files.readString(run.resolve("config.yaml")));
    assertFalse(Files.exists(left));
  }
}
