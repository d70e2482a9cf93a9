package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.xl.model.LanguageModel;

/** The configurations that are compared on the sources of the JDK. */
class RecipesTest {
  private static final Path FOLDER = Path.of("..", "recipes", "jdk");

  private static Configuration recipe(Path file) {
    return Configuration.compose(null, file, Settings.empty());
  }

  private static List<Path> files() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }

  @Test
  void allHaveTheParametersOfTheDenseBaselineWithinAHundredth() throws IOException {
    long dense = parameters(FOLDER.resolve("dense.yaml"));

    assertEquals(923_656, dense);
    for (Path file : files()) {
      double ratio = (double) parameters(file) / dense;
      assertTrue(Math.abs(ratio - 1) < 0.01, file + ": " + ratio);
    }
  }

  private static long parameters(Path file) {
    return new LanguageModel(recipe(file).run().model()).parameterCount();
  }

  @Test
  void theyDifferInTheirBlocksAlone() throws IOException {
    RunConfig dense = recipe(FOLDER.resolve("dense.yaml")).run();
    for (Path file : files()) {
      Configuration other = recipe(file);
      Configuration same =
          Configuration.compose(
              null,
              file,
              Settings.empty()
                  .with(Settings.FAMILY, "dense", "")
                  .with("model.feedForward.dFeedForward", "512", ""));
      assertEquals(dense, same.run(), file.toString());
      assertEquals(
          !file.endsWith("dense.yaml"),
          !dense.equals(other.run()),
          file + " has blocks of its own");
    }
  }
}
