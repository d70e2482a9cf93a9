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
import java.util.Comparator;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares models of a few thousand parameters, each run well under a second. */
class CompareCommandTest {
  @TempDir private Path folder;

  private Path text;
  private Path narrow;
  private Path wide;
  private Path out;

  @BeforeEach
  void writeFiles() throws IOException {
    text =
        Files.writeString(
            folder.resolve("text"), "the quick brown fox jumps over the lazy dog\n".repeat(300));
    narrow = Files.writeString(folder.resolve("narrow.yaml"), SmallConfig.yaml(16));
    wide = Files.writeString(folder.resolve("wide.yaml"), SmallConfig.yaml(32));
    out = folder.resolve("out");
  }

  private Cli compare(String... more) {
    return compareSeeds("1,2", more);
  }

  private Cli compareSeeds(String seeds, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("compare", narrow.toString(), wide.toString(), "--data", text.toString()));
    arguments.addAll(List.of("--out", out.toString(), "--seeds", seeds));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(String[]::new));
  }

  @Test
  void everyConfigurationIsTrainedWithEverySeedAndTheTableTellsBoth() throws IOException {
    JsonNode results = compare("--json").done().json();

    assertEquals("narrow", results.get("baseline").textValue());
    JsonNode first = results.get("models").get(0);
    JsonNode second = results.get("models").get(1);
    assertEquals("wide", second.get("name").textValue());
    assertEquals(16 * (2 * 8 + 1), second.get("parameterDifference").longValue());
    assertEquals(100, first.get("feedForwardPercentOfDense").doubleValue(), 1e-9);
    assertTrue(second.get("feedForwardPercentOfDense").doubleValue() > 180);
    assertTrue(second.get("memoryBytes").longValue() > first.get("memoryBytes").longValue());
    assertTrue(second.get("tokensPerSecond").doubleValue() > 0);

    JsonNode runs = second.get("runs");
    assertEquals(2, runs.size());
    double one = runs.get(0).get("bitsPerToken").doubleValue();
    double two = runs.get(1).get("bitsPerToken").doubleValue();
    assertNotEquals(one, two, "two seeds");
    assertEquals((one + two) / 2, second.get("bitsPerToken").get("mean").doubleValue(), 1e-12);
    assertEquals(
        Math.abs(one - two) / Math.sqrt(2),
        second.get("bitsPerToken").get("standardDeviation").doubleValue(),
        1e-12);
    assertEquals(20, runs.get(0).get("validation").get(1).get(0).intValue(), "the last step");
    assertEquals(one, runs.get(0).get("validation").get(1).get(1).doubleValue());
    assertEquals("narrow/seed-2", first.get("runs").get(1).get("folder").textValue());
    assertTrue(Files.isRegularFile(out.resolve("wide/seed-2/config.yaml")));
  }

  @Test
  void resultsAreWrittenAsJsonMarkdownAndPlots() throws IOException {
    String shown = compare().done().out();

    String markdown = Files.readString(out.resolve("comparison.md"));
    assertTrue(markdown.contains("| narrow | dense | "), markdown);
    assertTrue(markdown.contains("(curves.svg)"), markdown);
    assertTrue(Files.readString(out.resolve("comparison.json")).startsWith("{\"conditions\""));
    for (String plot : List.of("curves", "flops")) {
      String svg = Files.readString(out.resolve(plot + ".svg"));
      assertTrue(svg.contains("<svg") && svg.contains("<path"), plot);
      assertTrue(ImageIO.read(out.resolve(plot + ".png").toFile()).getWidth() > 500, plot);
    }
    assertTrue(shown.contains("run 4 of 4: wide, seed 2"), shown);
    assertTrue(shown.contains("bits/token"), shown);
  }

  @Test
  void finishedRunsAreNotTrainedAgainAndMissingOnesAre() throws IOException {
    compareSeeds("1").done();
    byte[] before = Files.readAllBytes(out.resolve("wide/seed-1/log.txt"));

    String shown = compare().done().out();

    assertArrayEquals(before, Files.readAllBytes(out.resolve("wide/seed-1/log.txt")));
    assertTrue(shown.contains("run 1 of 4: narrow, seed 1, is done already"), shown);
    assertTrue(shown.contains("run 3 of 4: narrow, seed 2\n"), shown);
  }

  /** As runs that were trained elsewhere and of which only what they measured came back. */
  @Test
  void finishedRunsCountWithoutTheirCheckpoints() throws IOException {
    JsonNode whole = compareSeeds("1", "--json").done().json();
    delete(out.resolve("wide/seed-1/checkpoints"));

    String shown = compareSeeds("1").done().out();
    JsonNode again = compareSeeds("1", "--json").done().json();

    assertTrue(shown.contains("wide, seed 1, is done already"), shown);
    assertEquals(bits(whole), bits(again));
  }

  private static void delete(Path folder) throws IOException {
    try (var found = Files.walk(folder)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** A run is brought back to its checkpoint of step 10, as if it had been killed after it. */
  @Test
  void interruptedRunGoesOnAndComesToTheSame() throws IOException {
    JsonNode whole = compareSeeds("1", "--checkpoint-every", "10", "--json").done().json();
    Path run = out.resolve("wide/seed-1");
    Path last = run.resolve("checkpoints/step-00000020");
    delete(last);

    String shown = compareSeeds("1", "--checkpoint-every", "10").done().out();
    JsonNode again = compareSeeds("1", "--checkpoint-every", "10", "--json").done().json();

    assertTrue(shown.contains("wide, seed 1, goes on"), shown);
    assertEquals(bits(whole), bits(again));
  }

  private static String bits(JsonNode results) {
    return results.get("models").get(1).get("bitsPerToken").toString();
  }

  @Test
  void configurationsThatReadDifferentlyAreRefusedByKeyAndPlace() throws IOException {
    Files.writeString(wide, SmallConfig.yaml(32).replace("context: 8", "context: 4"));

    assertEquals(
        ("model.context differs: 8 (%s:5) in narrow, 4 (%s:5) in wide; give both the same, as --set"
                + " model.context=..., or compare them all the same by --may-differ model.context")
            .formatted(narrow, wide),
        compare().refused());
    assertFalse(Files.exists(out), "nothing was begun");
    compare("--may-differ", "model.context").done();
  }

  @Test
  void flagsGoOverEveryConfiguration() throws IOException {
    Files.writeString(wide, SmallConfig.yaml(32).replace("steps: 20", "steps: 30"));

    assertTrue(compare().refused().startsWith("steps differs: 20 ("));
    compareSeeds("1", "--steps", "10").done();
  }

  @Test
  void keyThatNeedNotBeEqualIsNotAllowedToDiffer() {
    String refusal = compare("--may-differ", "model.dropout").refused();

    assertTrue(
        refusal.startsWith("--may-differ: 'model.dropout' is none of what must be equal: data"),
        refusal);
  }

  @Test
  void folderWithRunsOfAnotherConfigurationIsRefusedBeforeAnythingIsTrained() {
    compareSeeds("1").done();

    String refusal = compare("--batch", "3").refused();

    assertTrue(
        refusal.startsWith(
            out.resolve("narrow/seed-1")
                + " holds a run of another configuration: its 'batch' is 2, not 3"),
        refusal);
  }

  @Test
  void baselineIsChosenByName() {
    JsonNode results = compareSeeds("1", "--baseline", "wide", "--json").done().json();

    assertTrue(results.get("models").get(0).get("parameterDifference").longValue() < 0);
    assertTrue(results.get("models").get(0).get("feedForwardPercentOfDense").doubleValue() < 60);
    assertEquals(
        "--baseline: 'big' is none of narrow, wide",
        compare("--baseline", "big").refused().replace("wide, narrow", "narrow, wide"));
  }

  @Test
  void seedsThatCannotBeUsedAreRefused() {
    assertTrue(compareSeeds("1,1").refused().startsWith("--seeds: needs"));
    assertEquals("--seed is of one run; give --seeds", compare("--seed", "4").refused());
  }

  @Test
  void configurationsOfOneNameAreRefused() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other")).resolve("narrow.yaml");
    Files.writeString(other, SmallConfig.yaml(24));

    assertEquals(
        "two configurations are called 'narrow'; give one of the files another name",
        Cli.run("compare", narrow.toString(), other.toString()).refused());
  }
}
