package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of models of a few thousand parameters. */
class ReportCommandTest {
  @TempDir private Path folder;

  private Path text;

  @BeforeEach
  void writeText() throws IOException {
    text =
        Files.writeString(
            folder.resolve("text"), "the quick brown fox jumps over the lazy dog\n".repeat(300));
  }

  private Path train(String name, String... more) {
    Path run = folder.resolve("runs").resolve(name);
    List<String> arguments =
        new ArrayList<>(List.of("train", "--data", text.toString(), "--out", run.toString()));
    arguments.addAll(List.of("--layers", "2", "--d-model", "8", "--heads", "2", "--steps", "4"));
    arguments.addAll(List.of("--engine", "reference", "--set", "logEvery=1"));
    arguments.addAll(List.of("--context", "8", "--memory", "8", "--batch", "2", "--warmup", "0"));
    arguments.addAll(List.of(more));
    Cli.run(arguments.toArray(String[]::new)).done();
    return run;
  }

  private Path mixture(String name) {
    return train(
        name,
        "--set",
        "model.feedForward.family=sigma-moe",
        "--set",
        "model.feedForward.experts=4",
        "--set",
        "model.feedForward.expertSize=4",
        "--set",
        "model.feedForward.k=2");
  }

  @Test
  void singleRunHasItsReportInItsFolder() throws IOException {
    Path run = mixture("mine");

    Cli said =
        Cli.run(
                "report",
                run.toString(),
                "--analyse",
                "--samples",
                "2",
                "--prompt",
                "the <b>",
                "--sample-length",
                "5")
            .done();

    Path file = run.resolve("report.html");
    assertTrue(said.out().startsWith("report   " + file), said.out());
    String html = Files.readString(file);
    for (String figure : List.of("loss", "experts", "together-1")) {
      assertTrue(html.contains("<figure id=\"" + figure + "\""), figure);
    }
    assertTrue(html.contains("<b>the &lt;b&gt;</b>"), "the prompt");
    assertTrue(html.contains("step 4, temperature 0.8, seed 2"), "the second text");
    assertTrue(html.contains("<code>sigmoe train --data "), "the command");
    assertFalse(html.contains("<section class=\"gaps\""), html);
    assertTrue(Files.exists(run.resolve("analysis.json")), "what was analysed is kept");
  }

  @Test
  void runsOfAFolderAreOneReportAndItsNumbersAreJson() throws IOException {
    train("dense");
    mixture("moe");
    Path out = folder.resolve("all.html");

    JsonNode json =
        Cli.run("report", folder.resolve("runs").toString(), "--out", out.toString(), "--json")
            .done()
            .json();

    assertTrue(Files.exists(out));
    assertEquals(2, json.get("models").size());
    JsonNode model = json.get("models").get(1);
    assertEquals("moe", model.get("name").textValue());
    assertEquals("sigma-moe", model.get("family").textValue());
    JsonNode run = model.get("runs").get(0);
    assertEquals("finished", run.get("state").textValue());
    assertEquals(4, run.get("training").size());
    assertEquals(4, run.get("validation").get(0).get(0).intValue(), "after the last step");
    assertTrue(run.get("commands").get(0).textValue().startsWith("sigmoe train "));
  }

  @Test
  void everyFigureIsExported() throws IOException {
    Path run = mixture("mine");
    Path svg = folder.resolve("figures/svg");
    Path png = folder.resolve("figures/png");

    Cli.run("report", run.toString(), "--analyse", "--svg", svg.toString(), "--png", png.toString())
        .done();

    for (String name :
        List.of("loss-steps-linear", "loss-time-logarithmic", "experts", "together-1")) {
      assertTrue(Files.readString(svg.resolve(name + ".svg")).startsWith("<svg "), name);
      assertTrue(ImageIO.read(png.resolve(name + ".png").toFile()).getWidth() > 1000, name);
    }
  }

  @Test
  void runThatGoesOnTellsOfBothCommandsAndHasEachStepOnce() {
    Path run = train("mine", "--steps", "2");
    Cli.run("train", "--resume", run.toString(), "--steps", "6").done();

    JsonNode found =
        Cli.run("report", run.toString(), "--json")
            .done()
            .json()
            .get("models")
            .get(0)
            .get("runs")
            .get(0);

    assertEquals(1, found.get("resumed").intValue());
    assertEquals(
        "sigmoe train --resume " + run + " --steps 6", found.get("commands").get(1).textValue());
    List<Integer> steps = new ArrayList<>();
    found.get("training").forEach(point -> steps.add(point.get(0).intValue()));
    assertEquals(List.of(1, 2, 3, 4, 5, 6), steps);
  }

  @Test
  void whatDoesNotWorkForOneRunIsAGapOfIt() throws IOException {
    train("whole");
    Path broken = train("broken");
    try (var files = Files.walk(broken.resolve("checkpoints"))) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }

    JsonNode models =
        Cli.run(
                "report",
                folder.resolve("runs").toString(),
                "--out",
                folder.resolve("all.html").toString(),
                "--samples",
                "1",
                "--sample-length",
                "3",
                "--json")
            .done()
            .json();

    assertEquals(1, models.get("samples").size());
    String gap = models.get("models").get(0).get("runs").get(0).get("gaps").get(0).textValue();
    assertTrue(gap.startsWith("It could not write a text: "), gap);
    assertTrue(gap.contains("has no checkpoint yet"), gap);
  }

  @Test
  void whatCannotBeAskedForIsRefused() {
    assertTrue(
        Cli.run("report", folder.resolve("none").toString())
            .refused()
            .contains("there is no folder"));
    train("mine");
    assertEquals(
        "--samples: must be at least 0, got -1",
        Cli.run("report", folder.toString(), "--samples", "-1").refused());
    assertTrue(
        Cli.run("report", folder.toString(), "--temperature", "-1")
            .refused()
            .contains("--temperature"));
  }
}
