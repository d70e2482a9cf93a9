package org.sigmoe.cli.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sigmoe.xl.analysis.ExpertUse;
import org.sigmoe.xl.analysis.LayerAnalysis;
import org.sigmoe.xl.analysis.ModelAnalysis;
import org.sigmoe.xl.analysis.UnitUse;
import org.sigmoe.xl.analysis.Use;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.eval.EvaluationResult;

class RunAnalysisTest {
  @TempDir private Path folder;

  @Test
  void whatIsKeptIsReadAgain() throws IOException {
    RunLayout run = new RunLayout(folder);
    ModelAnalysis found =
        new ModelAnalysis(
            new EvaluationResult(64, 0, 1.5),
            List.of(
                new LayerAnalysis(
                    "layers.0.feed_forward",
                    Optional.of(new UnitUse(8, 2.5, 0.25, 1)),
                    Optional.empty(),
                    Optional.empty()),
                new LayerAnalysis(
                    "layers.1.feed_forward",
                    Optional.empty(),
                    Optional.of(
                        new ExpertUse(
                            new Use(2, 2, List.of(0.3, 0.7)),
                            List.of(List.of(0.0, 1.0), List.of(1.0, 0.0)))),
                    Optional.of(new Use(3, 2, List.of(0.5, 0.0, 0.5))))));

    new RunAnalysis("runs/a", 7, "a text", found).write(run);
    RunAnalysis read = RunAnalysis.read(run).orElseThrow();

    assertEquals(7, read.step());
    assertEquals("a text", read.text());
    assertEquals(found.layers(), read.found().layers());
    assertEquals(1.5, read.found().result().loss(), 1e-12);
  }

  @Test
  void runThatWasNotAnalysedHasNone() throws IOException {
    assertEquals(Optional.empty(), RunAnalysis.read(new RunLayout(folder)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "{\"run\":\"a\",\"step\":-1,\"text\":\"\",\"tokens\":1,\"bitsPerToken\":1,\"layers\":[]}",
        "{\"run\":\"a\",\"step\":1,\"text\":\"\",\"tokens\":1,\"bitsPerToken\":1,\"layers\":[{}]}",
        "{\"run\":\"a\",\"step\":1,\"text\":\"\",\"tokens\":1,\"bitsPerToken\":1,\"layers\":[{"
            + "\"name\":\"l\",\"values\":{\"count\":2000000000,\"selectedPerToken\":1,"
            + "\"shares\":[1]}}]}",
        "{\"run\":\"a\",\"step\":1,\"text\":\"\",\"tokens\":1,\"bitsPerToken\":1,\"layers\":[{"
            + "\"name\":\"l\",\"experts\":{\"count\":1,\"selectedPerToken\":1,\"shares\":[1],"
            + "\"coOccurrence\":[[0,1]]}}]}",
      })
  void damagedFileIsRefusedWithWhatToDo(String text) throws IOException {
    Files.writeString(folder.resolve("analysis.json"), text);

    IOException refused =
        assertThrows(IOException.class, () -> RunAnalysis.read(new RunLayout(folder)));

    assertTrue(refused.getMessage().contains("analysis.json is not used: "), refused.getMessage());
    assertTrue(refused.getMessage().endsWith("sigmoe analyse writes it again"));
  }
}
