package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.nn.optim.LearningRateSchedule;

class ConfigurationTest {
  @TempDir private Path folder;

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("my.yaml"), yaml);
  }

  private static Settings flag(String key, String value) {
    return Settings.empty().with(key, value, "--flag");
  }

  private static RunConfig run(Settings commandLine) {
    return Configuration.compose(null, null, commandLine).run();
  }

  private static String refusal(String key, String value) {
    return assertThrows(ConfigException.class, () -> run(flag(key, value))).getMessage();
  }

  private String refusalOfFile(String yaml) throws IOException {
    Path file = file(yaml);
    return assertThrows(
            ConfigException.class, () -> Configuration.compose(null, file, Settings.empty()))
        .getMessage()
        .replace(file.toString(), "my.yaml");
  }

  @Test
  void commandLineGoesOverFileAndFileOverPreset() throws IOException {
    Path file = file("batch: 5\nsteps: 50\n");

    Configuration both = Configuration.compose("e8-dense", file, flag("steps", "7"));

    assertEquals(7, both.run().steps());
    assertEquals(5, both.run().batch());
    assertEquals(512, both.run().model().dModel());
    assertEquals("preset e8-dense, " + file + ", command line", both.origin());
  }

  @Test
  void fileMayNameItsPreset() throws IOException {
    Path file = file("preset: e8-dense\nbatch: 5\n");

    assertEquals(12, Configuration.compose(null, file, Settings.empty()).run().model().layers());
    assertEquals(
        18, Configuration.compose("wt-b-dense", file, Settings.empty()).run().model().layers());
  }

  @Test
  void headSizeAndMemoryFollowFromTheOthers() {
    Settings sizes =
        flag("model.dModel", "60").with("model.heads", "3", "").with("model.context", "9", "");
    RunConfig run = Configuration.compose("e8-dense", null, sizes).run();

    assertEquals(20, run.model().headSize());
    assertEquals(9, run.model().memory());
  }

  @Test
  void cosineEndsWithTheLastStepWhereNothingElseIsSaid() {
    LearningRateSchedule schedule =
        run(flag("steps", "1000").with("learningRate.warmUp", "100", "")).training().learningRate();

    assertInstanceOf(LearningRateSchedule.WarmUp.class, schedule);
    assertEquals(0, schedule.at(1000), 1e-12);
    assertTrue(schedule.at(999) > 0);
  }

  @Test
  void unknownKeyIsRefusedWithLineAndNearestKey() throws IOException {
    assertEquals(
        "my.yaml:3: unknown key 'model.d_model'; did you mean 'model.dModel'?",
        refusalOfFile("steps: 10\nmodel:\n  d_model: 64\n"));
    assertEquals(
        "--flag: unknown key 'optimizer.beta1'; did you mean 'optimiser.beta1'?",
        refusal("optimizer.beta1", "0.5"));
  }

  @Test
  void wrongTypeIsRefusedWithLineAndKey() throws IOException {
    assertEquals(
        "my.yaml:2: model.layers: must be a whole number, got 'four'",
        refusalOfFile("model:\n  layers: four\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "model.heads | 5 | --flag: model.heads: 5 does not divide dModel 128; give headSize or"
            + " another number",
        "model.dModel | 7 | model.heads: 4 does not divide dModel 7",
        "model.dropout | 1 | --flag: model.dropout: must be in [0, 1), got 1.0",
        "model.feedForward.dFeedForward | 0 | --flag: model.feedForward.dFeedForward: must be at",
        "model.feedForward.family | sparse | --flag: model.feedForward.family: There is no",
        "batch | 0 | --flag: batch: must be at least 1, got 0",
        "steps | -1 | --flag: steps: must be at least 1, got -1",
        "resetMemoryEvery | -1 | --flag: resetMemoryEvery: must be at least 0, got -1",
        "logEvery | 0 | --flag: logEvery: must be at least 1, got 0",
        "optimiser.beta1 | 1 | --flag: optimiser.beta1: must be in [0, 1), got 1.0",
        "optimiser.maxNorm | 0 | --flag: optimiser.maxNorm: must be above 0, got 0.0",
        "learningRate.peak | 0 | --flag: learningRate.peak: must be above 0 and finite, got 0.0",
        "learningRate.minimum | 1 | --flag: learningRate.minimum: must be at least 0 and at most",
        "learningRate.cosineSteps | 9 | --flag: learningRate.cosineSteps: must be at least 1500",
        "learningRate.schedule | step | --flag: learningRate.schedule: must be one of cosine",
        "validation.everySteps | 0 | --flag: validation.everySteps: must be at least 1, got 0",
        "checkpoints.keepLast | 0 | --flag: checkpoints.keepLast: must be at least 1, got 0",
        "engine.name | gpu | --flag: engine.name: there is no engine 'gpu'; at hand: cpu, reference",
        "engine.threads | 0 | --flag: engine.threads: must be at least 1, got 0",
        "engine.precision | f64 | --flag: engine.precision: must be one of f32, tf32, bf16"
      })
  void valueOutOfRangeIsRefusedByItsKey(String key, String value, String message) {
    String refusal = refusal(key, value);
    assertTrue(refusal.contains(message), refusal);
  }

  @Test
  void keyThatIsTakenBackIsMissed() {
    assertEquals(
        "--flag: model.layers: is not set; give it, as --set model.layers=...",
        assertThrows(
                ConfigException.class,
                () -> run(Settings.empty().with("model.layers", null, "--flag")))
            .getMessage());
  }

  @Test
  void yamlOfAConfigurationGivesTheSameOne() throws IOException {
    Configuration written =
        Configuration.compose("wt-b-dense", null, flag("data.path", "some text"));
    Path file = file(written.toYaml());

    assertEquals(written.run(), Configuration.ofRun(file, Settings.empty()).run());
    assertEquals(written.run(), Configuration.compose(null, file, Settings.empty()).run());
  }

  @Test
  void pathsAreKeptWhole() {
    assertEquals(
        Path.of("some text").toAbsolutePath(),
        run(flag("data.path", "some text")).data().path().orElseThrow());
  }
}
