package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps over models of a few thousand parameters, each run well under a second. */
class SweepCommandTest {
  @TempDir private Path folder;

  private Path base;
  private Path out;
  private Path text;

  @BeforeEach
  void writeFiles() throws IOException {
    text =
        Files.writeString(
            folder.resolve("text"), "the quick brown fox jumps over the lazy dog\n".repeat(300));
    base = Files.writeString(folder.resolve("small.yaml"), SmallConfig.yaml(16));
    out = folder.resolve("out");
  }

  private Cli sweep(String vary, String... more) throws IOException {
    return sweepFile(
        "base: %s\nset:\n  steps: 10\nvary:\n%s".formatted(base, vary.indent(2)), more);
  }

  private Cli sweepFile(String yaml, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("grid.yaml"), yaml);
    List<String> arguments =
        new ArrayList<>(
            List.of("sweep", file.toString(), "--data", text.toString(), "--out", out.toString()));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(String[]::new));
  }

  private static final String GRID = "seed: [1, 2]\nmodel.feedForward.dFeedForward: [16, 32]\n";

  @Test
  void everyCombinationIsTrainedAndTheTableTellsThem() throws IOException {
    JsonNode results = sweep(GRID, "--json").done().json();

    assertEquals(
        List.of("dFeedForward=16", "dFeedForward=32"), texts(results.get("models"), "name"));
    JsonNode second = results.get("models").get(1);
    assertEquals(16 * (2 * 8 + 1), second.get("parameterDifference").longValue());
    assertEquals(2, second.get("runs").size());
    assertEquals(0, results.get("missing").size());
    for (String run : List.of("dFeedForward=16/seed-2", "dFeedForward=32/seed-1")) {
      assertTrue(Files.isDirectory(out.resolve(run + "/checkpoints/step-00000010")), run);
    }
  }

  @Test
  void runsAreListedWithTheirParametersAndNothingIsTrained() throws IOException {
    JsonNode runs = sweep(GRID, "--dry-run", "--json").done().json().get("runs");

    assertEquals(4, runs.size());
    assertEquals(List.of("new", "new", "new", "new"), texts(runs, "state"));
    assertEquals(
        16 * (2 * 8 + 1),
        runs.get(1).get("parameters").longValue() - runs.get(0).get("parameters").longValue());
    assertEquals(10 * 2 * 8, runs.get(0).get("tokens").longValue());
    assertFalse(Files.exists(out));
    String shown = sweep(GRID, "--dry-run").done().out();
    assertTrue(shown.contains("4 runs in " + out), shown);
  }

  @Test
  void theSameSweepAgainTrainsNothingAndALargerOneWhatIsMissing() throws IOException {
    sweep("model.feedForward.dFeedForward: [16]\n").done();
    Path log = out.resolve("dFeedForward=16/seed-1/log.txt");
    byte[] before = Files.readAllBytes(log);

    String shown = sweep(GRID).done().out();

    assertArrayEquals(before, Files.readAllBytes(log));
    assertTrue(shown.contains("run 1 of 4: dFeedForward=16, seed 1, is done already"), shown);
    assertTrue(shown.contains("run 4 of 4: dFeedForward=32, seed 2\n"), shown);
  }

  @Test
  void aRunThatFailsIsReportedAndTheOthersAreDone() throws IOException {
    Cli swept = sweep("learningRate.peak: [1e30, 0.001]\nseed: [1, 2]\n", "--json");

    assertEquals(1, swept.exitCode(), swept.err());
    assertTrue(
        swept.err().contains("run 1 of 4: peak=1e30, seed 1, failed: The loss of step"),
        swept.err());
    JsonNode results = swept.json();
    assertEquals(List.of("peak=0.001"), texts(results.get("models"), "name"));
    assertEquals("peak=1e30 with seed 1", results.get("missing").get(0).textValue());
    assertTrue(
        Files.readString(out.resolve("comparison.md"))
            .contains("Not finished, and not in these figures: peak=1e30 with seed 1; peak=1e30"));
  }

  @Test
  void anInterruptedRunGoesOn() throws IOException {
    Cli stopped = sweep(GRID, "--max-time", "PT0.001S").done();
    assertTrue(stopped.out().contains("time over; the same command"), stopped.out());
    assertFalse(Files.exists(out.resolve("comparison.md")));

    Path run = out.resolve("dFeedForward=16/seed-1");
    Cli.run(
            "train",
            "--config",
            base.toString(),
            "--steps=10",
            "--data=" + text,
            "--out=" + run,
            "--max-time=PT0.001S")
        .done();
    String shown = sweep(GRID).done().out();
    assertTrue(shown.contains("run 1 of 4: dFeedForward=16, seed 1, goes on"), shown);
  }

  @Test
  void whatMustBeEqualOtherwiseMayBeVaried() throws IOException {
    JsonNode models = sweep("model.context: [4, 8]\n", "--json").done().json().get("models");

    assertEquals(List.of("context=4", "context=8"), texts(models, "name"));
  }

  @Test
  void severalBasesAreNamed() throws IOException {
    Path wide = folder.resolve("wide.yaml");
    Files.writeString(wide, SmallConfig.yaml(64));
    JsonNode runs =
        sweepFile(
                "base: [%s, %s]\nvary:\n  model:\n    dropout: [0, 0.1]\n".formatted(base, wide),
                "--dry-run",
                "--json")
            .done()
            .json()
            .get("runs");

    assertEquals(
        List.of("small,dropout=0", "small,dropout=0.1", "wide,dropout=0", "wide,dropout=0.1"),
        texts(runs, "name"));
  }

  @Test
  void whatCannotBeMeantIsRefusedByLineBeforeAnythingIsTrained() throws IOException {
    String file = folder.resolve("grid.yaml").toString();
    assertEquals(
        file + ":2: varry.seed: unknown key; did you mean 'vary'?",
        sweepFile("base: tiny\nvarry:\n  seed: [1]\n").refused().replace(":3:", ":2:"));
    assertEquals(
        file + ":3: set.steps: is a list; put it under vary, or give a single value",
        sweepFile("base: tiny\nset:\n  steps: [1, 2]\n").refused());
    assertEquals(
        file + ":3: vary.seed: has the value 1 twice",
        sweepFile("base: tiny\nvary:\n  seed: [1, 1]\n").refused());
    assertEquals(
        file + ":3: vary.seed: is an empty list; give it a value",
        sweepFile("base: tiny\nvary:\n  seed: []\n").refused());
    assertTrue(sweepFile("vary:\n  seed: [1]\n").refused().contains("base is not set"));
    assertTrue(
        sweep("model.feedForward.k: [1, 2]\n").refused().contains("unknown key"),
        "k is no option of the dense family");
    assertEquals(
        "--seed sets seed, which %s varies; leave one of them away".formatted(file),
        sweep(GRID, "--seed", "3").refused());
    assertFalse(Files.exists(out));
  }

  private static List<String> texts(JsonNode array, String key) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(node -> node.get(key).textValue())
        .toList();
  }
}
