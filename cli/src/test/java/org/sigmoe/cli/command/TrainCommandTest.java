package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.Settings;

/** Trains models of a few thousand parameters, each within a second or two. */
class TrainCommandTest {
  @TempDir private Path folder;

  private Path text;
  private Path run;

  @BeforeEach
  void writeText() throws IOException {
    text =
        Files.writeString(
            folder.resolve("text"), "the quick brown fox jumps over the lazy dog\n".repeat(300));
    run = folder.resolve("run");
  }

  private Cli train(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "--data", text.toString(), "--out", run.toString(), "--layers", "1"));
    arguments.addAll(
        List.of(
            "--d-model", "8", "--heads", "2", "--d-ff", "16", "--context", "8", "--batch", "2"));
    arguments.addAll(
        List.of("--steps", "20", "--log-every", "5", "--validate-every", "10", "--warmup", "0"));
    arguments.addAll(List.of("--validate-tokens", "64", "--checkpoint-every", "10"));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(String[]::new));
  }

  private Cli resume(String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", "--resume", run.toString()));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(String[]::new));
  }

  private Path checkpoint(long step) {
    return run.resolve("checkpoints/step-%08d".formatted(step));
  }

  /** TornadoVM's engine is in no class path of these tests. */
  @Test
  void engineThatThisBuildLacksIsRefusedBeforeAnyDataIsReadWithHowToGetIt() throws IOException {
    Files.delete(text);

    String refusal = train("--engine", "tornado").refused();

    assertTrue(refusal.startsWith("Engine 'tornado' is not available: "), refusal);
    assertTrue(refusal.contains("sdk install tornadovm"), refusal);
    assertTrue(refusal.contains("TORNADOVM_HOME"), refusal);
    assertFalse(Files.exists(run), "nothing was begun");
  }

  @Test
  void deviceOfTheCpuEngineIsRefused() {
    String refusal = train("--device", "cuda:0").refused();

    assertTrue(refusal.contains("'cuda:0'"), refusal);
  }

  /** A checkpoint moves between engines, also away from one that is not here. */
  @Test
  void runOfAnEngineThatThisBuildLacksIsLookedAtAndGoesOnOnAnother() throws IOException {
    train().done();
    Path config = run.resolve("config.yaml");
    Files.writeString(config, Files.readString(config).replace("name: cpu", "name: tornado"));

    Cli.run("info", run.toString()).done();
    assertTrue(resume("--steps", "30").refused().contains("sdk install tornadovm"));
    assertTrue(generate("--length", "1").refused().contains("sdk install tornadovm"));
    resume("--steps", "30", "--engine", "cpu").done();
    assertTrue(Files.isDirectory(checkpoint(30)));
  }

  @Test
  void runIsTrainedResumedEvaluatedAndWrites() {
    Cli trained = train().done();
    assertTrue(trained.out().contains("20 steps"), trained.out());
    assertTrue(trained.out().contains("run      " + run), trained.out());
    assertTrue(Files.isDirectory(checkpoint(20)));

    resume("--steps", "30").done();
    assertTrue(Files.isDirectory(checkpoint(30)));

    JsonNode evaluated = Cli.run("eval", run.toString(), "--json").done().json();
    double bits = evaluated.get("bitsPerToken").doubleValue();
    assertEquals(bits, Math.log(evaluated.get("perplexity").doubleValue()) / Math.log(2), 1e-9);
    assertTrue(bits > 1 && bits < 9, "bits of a model that has hardly learned: " + bits);
    assertEquals(32, evaluated.get("memory").intValue(), "four contexts");
    assertTrue(evaluated.get("tokens").longValue() > 500);
    assertEquals("memory", evaluated.get("attentionWindow").textValue());
    Cli sliding = Cli.run("eval", run.toString(), "--attention-window", "sliding", "--json").done();
    assertEquals("sliding", sliding.json().get("attentionWindow").textValue());
    assertNotEquals(bits, sliding.json().get("bitsPerToken").doubleValue());

    Cli generated = generate("--length", "40", "--seed", "7").done();
    assertEquals("", generated.err());
    assertFalse(generated.out().isEmpty());
    assertEquals(generated.out(), generate("--length", "40", "--seed", "7").out());
  }

  @Test
  void trainingWhoseTimeIsOverIsSavedAndGoesOn() {
    Cli over = train("--max-time", "PT0.001S").done();
    assertTrue(
        over.out()
            .contains(
                "time over: stopped and saved at step 0, after 0 tokens; go on with: ./sigmoe train"
                    + " --resume "
                    + run),
        over.out());

    Cli whole = resume("--max-time", "1h").done();
    assertTrue(whole.out().contains("done     20 steps, 320 tokens in "), whole.out());
    assertEquals(
        "--max-time: must be a time as 8h, 8h30m, 1d12h, 90m, 45s or PT8H30M, got 'soon'",
        resume("--max-time", "soon").refused());
  }

  @Test
  void aBatchInPartsLearnsTheSameAndTakesLessMemory() throws IOException {
    List<JsonNode> whole = train("--json").done().jsonLines();
    Path first = run;
    run = folder.resolve("parts");
    List<JsonNode> parts = train("--json", "--accumulate", "2").done().jsonLines();

    assertTrue(Files.readString(run.resolve("config.yaml")).contains("accumulate: 2"));
    JsonNode one = events(whole, "step").getLast();
    JsonNode other = events(parts, "step").getLast();
    assertEquals(one.get("loss").doubleValue(), other.get("loss").doubleValue(), 1e-3);
    assertEquals(320, other.get("tokensSeen").longValue());
    assertTrue(memory(run) < memory(first), memory(run) + " < " + memory(first));
    run = folder.resolve("odd");
    assertTrue(
        train("--accumulate", "3")
            .refused()
            .contains("--accumulate: accumulate: must divide the batch"));
  }

  private static long memory(Path run) {
    return Cli.run("info", run.toString(), "--json").done().json().get("activationBytes").asLong();
  }

  private Cli generate(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("generate", run.toString(), "--prompt", "the "));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(String[]::new));
  }

  @Test
  void jsonLinesSayWhatTheyAre() {
    Cli trained = train("--json").done();
    List<JsonNode> lines = trained.jsonLines();

    assertEquals("start", lines.getFirst().get("event").textValue());
    assertEquals(run.toString(), lines.getFirst().get("run").textValue());
    List<JsonNode> steps = events(lines, "step");
    assertEquals(List.of(5L, 10L, 15L, 20L), steps.stream().map(TrainCommandTest::step).toList());
    for (JsonNode step : steps) {
      double loss = step.get("loss").doubleValue();
      assertEquals(loss / Math.log(2), step.get("bitsPerToken").doubleValue(), 1e-9);
      assertTrue(step.get("tokensPerSecond").doubleValue() > 0);
      assertTrue(step.get("gradientNorm").doubleValue() > 0);
      assertTrue(step.has("learningRate"));
    }
    List<JsonNode> validations = events(lines, "validation");
    assertEquals(List.of(10L, 20L), validations.stream().map(TrainCommandTest::step).toList());
    assertEquals(
        checkpoint(20).toString(), events(lines, "checkpoint").getLast().get("folder").textValue());
    assertEquals("", trained.err());
  }

  private static List<JsonNode> events(List<JsonNode> lines, String event) {
    return lines.stream().filter(line -> line.get("event").textValue().equals(event)).toList();
  }

  private static long step(JsonNode line) {
    return line.get("step").longValue();
  }

  @Test
  void quietTrainingSaysNothing() {
    Cli trained = train("--quiet").done();

    assertEquals("", trained.out());
    assertEquals("", trained.err());
  }

  @Test
  void folderOfTheRunHasConfigurationLogAndMetrics() throws IOException {
    train("--quiet", "--set", "optimiser.beta2=0.98").done();

    var config = Configuration.ofRun(run.resolve("config.yaml"), Settings.empty()).run();
    assertEquals(0.98, config.optimiser().beta2());
    assertEquals(20, config.steps());
    assertEquals(64, config.model().memory());
    assertEquals(text.toAbsolutePath(), config.data().path().orElseThrow());
    String log = Files.readString(run.resolve("log.txt"));
    assertTrue(log.contains("validation at step 20"), log);
    assertTrue(Files.readString(run.resolve("metrics.jsonl")).contains("\"step\":20"));
  }

  @Test
  void resumedRunEqualsAnUninterruptedOne() throws IOException {
    train("--lr", "1e-3", "--set", "learningRate.schedule=constant", "--steps", "10").done();
    resume("--steps", "20").done();
    byte[] resumed = Files.readAllBytes(checkpoint(20).resolve("model.safetensors"));

    run = folder.resolve("other");
    train("--lr", "1e-3", "--set", "learningRate.schedule=constant").done();

    assertArrayEquals(Files.readAllBytes(checkpoint(20).resolve("model.safetensors")), resumed);
  }

  @Test
  void moreStepsOfACosineAreToldWithWhatTheyDo() {
    train("--steps", "10", "--lr", "1e-3").done();

    Cli resumed = resume("--steps", "20").done();

    assertTrue(
        resumed
            .out()
            .contains(
                "the cosine of the learning rate now ends at step 20, not 10: the rate of the next"
                    + " step is 0.000500, not 0.00"),
        resumed.out());
    assertTrue(resume().done().out().contains("all steps are done"), "20 steps were written down");
  }

  @Test
  void fewerStepsThanAreDoneAreRefused() {
    train().done();

    Cli fewer = resume("--steps", "10");

    assertEquals(2, fewer.exitCode());
    assertEquals(
        "the run has 20 steps behind it; --steps must be at least that, got 10", fewer.sentence());
    assertTrue(resume().done().out().contains("of 20"), "its configuration is as it was");
  }

  @Test
  void modelOfARunCannotChange() {
    train().done();

    assertEquals(
        "--layers: model.layers: cannot change when a run goes on, since its checkpoints depend on"
            + " it; start a new run",
        resume("--layers", "2").refused());
    assertTrue(resume("--batch", "4").refused().startsWith("--batch: batch: cannot change"));
  }

  @Test
  void outThatHoldsARunIsRefusedAndLeftAlone() throws IOException {
    train().done();
    byte[] before = Files.readAllBytes(run.resolve("metrics.jsonl"));

    assertEquals(
        "%s holds a run already; go on with it by --resume %s, or give another --out"
            .formatted(run, run),
        train("--steps", "40").refused());
    assertArrayEquals(before, Files.readAllBytes(run.resolve("metrics.jsonl")));
  }

  @Test
  void vocabularyOfAPresetGivesWayToTheData() {
    String out = train("--preset", "wt-s-dense", "--head-size", "4").done().out();

    assertTrue(
        out.contains("The configured vocabulary of 8,000 gives way to the 256 of the data"), out);
  }

  @Test
  void missingDataIsRefusedAndNoFolderIsMade() {
    text = folder.resolve("nowhere");

    Cli refused = train("--quiet");

    assertEquals(2, refused.exitCode());
    assertEquals("there is no file or directory " + text + "; check --data", refused.sentence());
    assertFalse(Files.exists(run));
  }

  @Test
  void textTooSmallForABatchIsRefused() throws IOException {
    Files.writeString(text, "a short text");

    Cli refused = train("--quiet");

    assertEquals(2, refused.exitCode());
    assertTrue(refused.sentence().contains("too small for one batch"), refused.err());
    assertFalse(Files.exists(run));
  }

  @Test
  void tooLittleMemoryFailsBeforeTheRunBegins() {
    Cli failed = train("--quiet", "--d-model", "4000000");

    assertEquals(1, failed.exitCode());
    assertTrue(failed.sentence().contains("Not enough memory"), failed.err());
    assertTrue(failed.sentence().contains("GiB"), failed.err());
    assertFalse(Files.exists(run));
  }

  @Test
  void divergedTrainingFailsWithItsStep() throws IOException {
    Cli failed = train("--quiet", "--lr", "1e30", "--log-every", "1");

    assertEquals(1, failed.exitCode());
    assertTrue(failed.sentence().matches("The .+ of step \\d+ is .+"), failed.err());
    assertTrue(
        Files.readString(run.resolve("log.txt")).contains("\tat org.sigmoe.xl.train"),
        "where it was seen");
  }

  @Test
  void resumeTakesNoPreset() {
    assertTrue(
        Cli.run("train", "--resume", run.toString(), "--preset", "tiny")
            .refused()
            .startsWith("--resume takes the configuration"));
  }

  @Test
  void damagedCheckpointFailsWithItsName() throws IOException {
    train().done();
    Path weights = checkpoint(20).resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);

    Cli evaluated = Cli.run("eval", run.toString(), "--checkpoint", "20");

    assertEquals(1, evaluated.exitCode());
    assertTrue(evaluated.sentence().contains(weights.toString()), evaluated.err());
  }

  @Test
  void unknownPartOfTheTextIsRefused() {
    train().done();

    assertEquals(
        "--split: must be one of train, valid, test, got 'dev'",
        Cli.run("eval", run.toString(), "--split", "dev").refused());
    assertEquals(
        "--memory-multiple: must be at least 1, got 0",
        Cli.run("eval", run.toString(), "--memory-multiple", "0").refused());
    assertEquals(
        "--attention-window: must be one of memory, sliding, got 'all'",
        Cli.run("eval", run.toString(), "--attention-window", "all").refused());
    assertEquals(
        "there is no checkpoint of step 7: no folder " + checkpoint(7),
        Cli.run("eval", run.toString(), "--checkpoint", "7").refused());
  }

  @Test
  void promptComesFromStandardInputWhereAsked() {
    train().done();

    String[] likeliest = {"generate", run.toString(), "--temperature", "0", "--length", "30"};
    List<String> fromInput = new ArrayList<>(List.of(likeliest));
    fromInput.addAll(List.of("--prompt", "-"));
    List<String> fromFlag = new ArrayList<>(List.of(likeliest));
    fromFlag.addAll(List.of("--prompt", "żółw"));

    assertEquals(
        Cli.run(fromFlag.toArray(String[]::new)).done().out(),
        Cli.runWithInput("żółw", fromInput.toArray(String[]::new)).done().out());
  }

  @Test
  void rangesOfSamplingAreRefusedByTheirFlag() {
    train().done();

    assertEquals("--top-k: must be at least 1, got 0", generate("--top-k", "0").refused());
    assertEquals("--top-p: must be in (0, 1], got 2.0", generate("--top-p", "2").refused());
    assertEquals("--length: must be at least 0, got -1", generate("--length", "-1").refused());
  }
}
