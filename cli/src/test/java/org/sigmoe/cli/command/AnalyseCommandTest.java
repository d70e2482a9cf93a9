package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks into models of a few thousand parameters. */
class AnalyseCommandTest {
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

  private void train(String... family) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--data", text.toString(), "--out", run.toString()));
    arguments.addAll(List.of("--layers", "2", "--d-model", "8", "--heads", "2", "--steps", "4"));
    arguments.addAll(List.of("--engine", "reference"));
    arguments.addAll(List.of("--context", "8", "--memory", "8", "--batch", "2", "--warmup", "0"));
    for (String option : family) {
      arguments.addAll(List.of("--set", "model.feedForward." + option));
    }
    Cli.run(arguments.toArray(String[]::new)).done();
  }

  private Cli analyse(String... more) {
    List<String> arguments = new ArrayList<>(List.of("analyse", run.toString()));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(String[]::new));
  }

  @Test
  void denseBlocksShowActiveUnits() throws IOException {
    train("dFeedForward=16");

    JsonNode found = analyse("--tokens", "256", "--json").done().json();

    assertEquals(256, found.get("tokens").longValue());
    assertEquals(4, found.get("step").longValue());
    JsonNode units = found.get("layers").get(1).get("units");
    assertEquals("layers.1.feed_forward", found.get("layers").get(1).get("name").textValue());
    assertEquals(16, units.get("count").intValue());
    double mean = units.get("activeMean").doubleValue();
    assertTrue(mean > 0 && mean < 16, "active units: " + mean);
    assertEquals(mean / 16, units.get("activeShare").doubleValue(), 1e-12);
    assertEquals(
        found, new ObjectMapper().readTree(run.resolve("analysis.json").toFile()), "the file");
  }

  @Test
  void expertsOfAMixtureAreCounted() {
    train("family=sigma-moe", "experts=4", "expertSize=4", "k=2");

    JsonNode experts =
        analyse("--tokens", "256", "--json").done().json().get("layers").get(0).get("experts");

    assertEquals(4, experts.get("count").intValue());
    assertEquals(2, experts.get("selectedPerToken").intValue());
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += experts.get("shares").get(i).doubleValue();
      assertEquals(0, experts.get("coOccurrence").get(i).get(i).doubleValue());
    }
    assertEquals(1, sum, 1e-9);
    double perplexity = experts.get("relativePerplexity").doubleValue();
    assertTrue(perplexity > 0.25 && perplexity <= 1, "relative perplexity: " + perplexity);

    String table = analyse("--tokens", "256").done().out();
    assertTrue(table.contains("relative perplexity"), table);
    assertTrue(table.contains("layers.1.feed_forward"), table);
  }

  @Test
  void valuesOfAProductKeyMemoryAreCounted() {
    train("family=pkm", "subKeys=5", "heads=2", "k=3");

    JsonNode values =
        analyse("--tokens", "256", "--json").done().json().get("layers").get(1).get("values");

    assertEquals(25, values.get("count").intValue());
    assertEquals(6, values.get("selectedPerToken").intValue(), "3 of each head");
    assertEquals(25, values.get("shares").size());
    double used = values.get("usedShare").doubleValue();
    assertTrue(used > 0 && used <= 1, "used: " + used);
    assertTrue(values.get("entropy").doubleValue() <= Math.log(25));
    assertTrue(analyse("--tokens", "256").done().out().contains("values"));
  }

  @Test
  void topKBlocksKeepNoMoreUnitsThanTheyMay() {
    train("family=top-k", "dFeedForward=16", "k=3");

    JsonNode units =
        analyse("--tokens", "256", "--json").done().json().get("layers").get(0).get("units");

    assertTrue(units.get("activeMean").doubleValue() <= 3, units.toString());
  }

  @Test
  void anotherTextIsReadWhole() throws IOException {
    train("dFeedForward=16");
    Path other = Files.writeString(folder.resolve("other"), "0123456789".repeat(20));

    JsonNode found = analyse("--data", other.toString(), "--json").done().json();

    assertEquals(192, found.get("tokens").longValue(), "6 blocks of 8 in each of 4 streams");
    assertTrue(found.get("text").textValue().contains("other"), found.get("text").textValue());
  }

  @Test
  void textTooShortIsRefused() throws IOException {
    train("dFeedForward=16");
    Path other = Files.writeString(folder.resolve("other"), "01234");

    String refusal = analyse("--data", other.toString()).refused();

    assertTrue(refusal.contains("tokens"), refusal);
  }

  @Test
  void noTokensAreRefused() {
    assertEquals("--tokens: must be at least 1, got 0", analyse("--tokens", "0").refused());
  }
}
