package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sigmoe.xl.model.LanguageModel;

/** The configurations that are compared on the sources of the JDK. */
class RecipesTest {
  private static final Path RECIPES = Path.of("..", "recipes");

  private static Configuration recipe(Path file) {
    return Configuration.compose(null, file, Settings.empty());
  }

  private static List<Path> files(String folder) throws IOException {
    try (var files = Files.list(RECIPES.resolve(folder))) {
      return files.sorted().toList();
    }
  }

  private static Path dense(String folder) {
    return RECIPES.resolve(folder).resolve("dense.yaml");
  }

  @ParameterizedTest
  @CsvSource({"jdk, 0.01", "jdk-table-4, 0.016"}) // the rows of table 4 differ in their routers
  void allHaveTheParametersOfTheDenseBaseline(String folder, double within) throws IOException {
    long dense = parameters(dense(folder));

    assertEquals(923_656, dense);
    for (Path file : files(folder)) {
      double ratio = (double) parameters(file) / dense;
      assertTrue(Math.abs(ratio - 1) < within, file + ": " + ratio);
    }
  }

  private static long parameters(Path file) {
    return new LanguageModel(recipe(file).run().model()).parameterCount();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "jdk-table-4"})
  void theyDifferInTheirBlocksAlone(String folder) throws IOException {
    RunConfig dense = recipe(dense(folder)).run();
    for (Path file : files(folder)) {
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
