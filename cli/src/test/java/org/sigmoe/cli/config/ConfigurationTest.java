package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.moe.SigmaMoeConfig;
import org.sigmoe.moe.SoftmaxMoeConfig;
import org.sigmoe.moe.SoftmaxOrder;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.optim.LearningRateSchedule;

class ConfigurationTest {
  @TempDir private Path folder;

  private Path file(String yaml) throws IOException {
    return Files.writeString(folder.resolve("my.yaml"), yaml);
  }

  private static Settings flag(String key, @Nullable String value) {
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

  private static Settings matching(String width) {
    return flag("model.feedForward.dFeedForward", null)
        .with("model.feedForward.matchDense", width, "--match");
  }

  @Test
  void blockIsSizedToTheParametersOfADenseOne() {
    Configuration sized = Configuration.compose(null, null, matching("300"));

    assertEquals(new DenseConfig(300), sized.run().model().feedForward());
    assertEquals(0, sized.denseMatch().orElseThrow().difference());
    assertEquals(
        Optional.empty(), Configuration.compose(null, null, Settings.empty()).denseMatch());
  }

  @Test
  void sizeThatIsWrittenMustBeTheOneThatMatches() {
    Settings both = matching("300").with("model.feedForward.dFeedForward", "301", "--size");

    assertEquals(
        "--size: model.feedForward.dFeedForward: is 301, but model.feedForward.matchDense (--match)"
            + " makes it 300; leave one of them away, as --set model.feedForward.dFeedForward=",
        assertThrows(ConfigException.class, () -> run(both)).getMessage());
  }

  @Test
  void sizedConfigurationIsReadAgain() throws IOException {
    Configuration sized = Configuration.compose(null, null, matching("300"));

    assertEquals(sized.run(), Configuration.ofRun(file(sized.toYaml()), Settings.empty()).run());
  }

  @Test
  void widthThatCannotBeMatchedIsRefusedByItsKey() {
    assertEquals(
        "--match: model.feedForward.matchDense: dFeedForward: must be at least 1, got 0",
        assertThrows(ConfigException.class, () -> run(matching("0"))).getMessage());
  }

  private static Settings family(String name) {
    return flag("model.feedForward.family", name);
  }

  @Test
  void optionsThatAreNotWrittenAreWhatTheFamilySays() {
    assertEquals(
        SigmaMoeConfig.of(8, 128, 4),
        run(family("sigma-moe").with("model.feedForward.experts", "8", "")).model().feedForward());
  }

  @Test
  void optionThatAFamilyNeedsIsMissedByItsKey() {
    assertEquals(
        "configuration: model.feedForward.experts: is not set; give it, as --set"
            + " model.feedForward.experts=...",
        refusal("model.feedForward.family", "sigma-moe"));
  }

  @Test
  void constantsOfSeveralWordsAreWrittenWithHyphens() {
    Settings softmax =
        family("softmax-moe")
            .with("model.feedForward.experts", "8", "")
            .with("model.feedForward.softmax", "after-top-k", "");
    SoftmaxMoeConfig config = (SoftmaxMoeConfig) run(softmax).model().feedForward();

    assertEquals(SoftmaxOrder.AFTER_TOP_K, config.softmax());
    assertEquals(
        "--flag: model.feedForward.softmax: must be one of before-top-k, after-top-k, got 'after'",
        assertThrows(
                ConfigException.class,
                () -> run(softmax.with("model.feedForward.softmax", "after", "--flag")))
            .getMessage());
  }

  @Test
  void groupsOfOptionsAreKeysToo() {
    Settings experts = family("sigma-moe").with("model.feedForward.experts", "8", "");
    SigmaMoeConfig config =
        (SigmaMoeConfig)
            run(experts.with("model.feedForward.options.zLoss", "0.5", "")).model().feedForward();

    assertEquals(0.5, config.options().zLoss());
    assertEquals(
        "--flag: unknown key 'model.feedForward.options.z_loss'; did you mean"
            + " 'model.feedForward.options.zLoss'?",
        assertThrows(
                ConfigException.class,
                () -> run(experts.with("model.feedForward.options.z_loss", "1", "--flag")))
            .getMessage());
  }

  @Test
  void familyIsSizedByTheOptionThatItMarks() {
    Settings settings =
        family("sigma-moe")
            .with("model.feedForward.expertSize", "32", "")
            .with("model.feedForward.matchDense", "512", "--match");
    Configuration sized = Configuration.compose(null, null, settings);

    assertEquals(SigmaMoeConfig.of(16, 32, 4), sized.run().model().feedForward());
    assertEquals(16 * 128 - 512 - 128, sized.denseMatch().orElseThrow().difference());
  }

  @Test
  void wholeConfigurationOfAFamilyIsReadAgain() throws IOException {
    Settings settings = family("pkm").with("model.feedForward.matchDense", "512", "");
    Configuration written = Configuration.compose(null, null, settings);

    assertTrue(written.toYaml().contains("subKeys: 30"), written.toYaml());
    assertEquals(
        written.run(), Configuration.ofRun(file(written.toYaml()), Settings.empty()).run());
  }
}
