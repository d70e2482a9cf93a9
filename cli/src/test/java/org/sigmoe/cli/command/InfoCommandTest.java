package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.cli.config.Presets;

class InfoCommandTest {

  /** Counts of the paper's code (arXiv 2310.10837), to the unit. */
  @ParameterizedTest
  @CsvSource({
    "wt-s-dense, 47260136, 8000",
    "wt-s-moe, 47260248, 8000",
    "wt-s-topk, 47260136, 8000",
    "wt-s-pkm, 47128408, 8000",
    "wt-s-pkm-values, 35315544, 8000",
    "wt-s-star-moe, 237004376, 8000",
    "wt-b-dense, 262479968, 8000",
    "wt-b-moe, 262461284, 8000",
    "wt-b-pkm, 263438180, 8000",
    "e8-dense, 41234721, 205",
    "e8-moe, 41240805, 205"
  })
  void presetsHaveThePublishedParameterCounts(String preset, long parameters, int vocabulary) {
    JsonNode info = Cli.run("info", "--preset", preset, "--json").done().json();

    assertEquals(parameters, info.get("parameters").longValue());
    assertEquals(vocabulary, info.get("vocabulary").intValue());
  }

  @Test
  void jsonHasWhatAModelTakes() {
    JsonNode info = Cli.run("info", "--json").done().json();

    long parameters = info.get("parameters").longValue();
    long flops = info.get("flopsPerToken").longValue();
    assertTrue(flops > 2 * parameters * 0.9, "a multiply-add for nearly each parameter");
    assertTrue(info.get("trainingFlopsPerToken").longValue() > 2 * flops);
    assertTrue(info.get("activationBytes").longValue() > 0);
    assertTrue(
        info.get("memoryBytes").longValue()
            > info.get("activationBytes").longValue() + 12 * parameters);
  }

  @Test
  void partsAddUpToTheModel() {
    JsonNode info = Cli.run("info", "--json").done().json();

    long parameters =
        StreamSupport.stream(info.get("parts").spliterator(), false)
            .mapToLong(part -> part.get("parameters").longValue())
            .sum();
    assertEquals(info.get("parameters").longValue(), parameters);
  }

  @Test
  void activationBytesGrowWithTheBatch() {
    long one = Cli.run("info", "--batch", "1", "--json").json().get("activationBytes").longValue();
    long four = Cli.run("info", "--batch", "4", "--json").json().get("activationBytes").longValue();

    assertTrue(four > 3 * one, one + " and " + four);
  }

  @Test
  void tableShowsLayersThatTakeTheSameOnce() {
    String out = Cli.run("info", "--preset", "wt-s-dense").done().out();

    assertTrue(out.contains("47,260,136"), out);
    assertTrue(out.contains("layers.0-15.self_attn"), out);
    assertTrue(out.contains("layers.0-15.feed_forward"), out);
  }

  @Test
  void fileCanBeLookedAt(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(folder.resolve("small.yaml"), "preset: e8-dense\nmodel:\n  layers: 1\n");

    JsonNode info = Cli.run("info", "--config", file.toString(), "--json").done().json();

    assertEquals(205, info.get("vocabulary").intValue());
    assertTrue(info.get("parameters").longValue() < 5_000_000);
  }

  @Test
  void unknownPresetIsRefusedWithThoseThereAre() {
    assertEquals(
        "there is no preset 'big'; there are " + String.join(", ", Presets.NAMES),
        Cli.run("info", "--preset", "big").refused());
  }

  @Test
  void folderWithoutARunIsRefused(@TempDir Path folder) {
    assertEquals(
        folder + " holds no run: there is no config.yaml in it",
        Cli.run("info", folder.toString()).refused());
  }

  @Test
  void runAndPresetTogetherAreRefused() {
    assertEquals(
        "name presets, files and runs one after the other, without --preset and --config",
        Cli.run("info", "somewhere", "--preset", "tiny").refused());
  }

  @Test
  void sizesTooLargeToCountAreRefused() {
    assertTrue(
        Cli.run("info", "--batch", "2000000000", "--context", "2000000000")
            .refused()
            .startsWith("a size is too large"));
  }

  @Test
  void severalModelsStandSideBySide(@TempDir Path folder) throws IOException {
    Path wide =
        Files.writeString(
            folder.resolve("wide.yaml"), "model:\n  feedForward:\n    dFeedForward: 1024\n");

    JsonNode models =
        Cli.run("info", "tiny", wide.toString(), "--json").done().json().get("models");

    assertEquals("tiny", models.get(0).get("name").textValue());
    assertEquals("wide", models.get(1).get("name").textValue());
    assertEquals("dense", models.get(1).get("family").textValue());
    assertEquals(0, models.get(0).get("parameterDifference").longValue());
    assertEquals(
        4 * 512 * (2 * 128 + 1), models.get(1).get("parameterDifference").longValue(), "4 layers");
    assertEquals(100, models.get(0).get("feedForwardPercentOfDense").doubleValue(), 1e-9);
    assertEquals(200, models.get(1).get("feedForwardPercentOfDense").doubleValue(), 0.5);

    String table = Cli.run("info", "tiny", wide.toString()).done().out();
    assertTrue(table.contains("+526,336"), table);
    assertTrue(table.contains("199."), table);
  }

  @Test
  void blockSizedToDenseShowsTheDifference() {
    String[] arguments = {
      "info", "--set", "model.feedForward.dFeedForward=", "--set", "model.feedForward.matchDense=48"
    };

    Cli text = Cli.run(arguments).done();

    assertTrue(
        text.out()
            .contains(
                "each feed-forward block has 12,464 parameters, +0 (+0.0000%) against dense with"
                    + " dFeedForward 48"),
        text.out());
  }

  @Test
  void wordThatNamesNoModelIsRefusedWithThePresets() {
    String refusal = Cli.run("info", "tinny").refused();

    assertTrue(refusal.startsWith("'tinny' is no preset (tiny, "), refusal);
    assertTrue(refusal.endsWith("no YAML file and no folder of a run"), refusal);
  }
}
