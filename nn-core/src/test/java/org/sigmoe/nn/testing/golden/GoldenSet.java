package org.sigmoe.nn.testing.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One {@code golden_NAME.json}: cases computed by the paper's own code, whose tensors lie in
 * safetensors files beside it.
 */
public final class GoldenSet {
  /** Names a folder with other sets in the same format, relative to where the build was started. */
  public static final String FOLDER_PROPERTY = "golden.dir";

  private final Path file;
  private final JsonNode root;

  private GoldenSet(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * All sets of the folder.
   *
   * @throws IllegalStateException if there is none
   */
  public static List<GoldenSet> all() throws IOException {
    Path folder = folder();
    List<GoldenSet> sets = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        if (file.getFileName().toString().matches("golden_.*\\.json")) {
          sets.add(new GoldenSet(file, new ObjectMapper().readTree(file.toFile())));
        }
      }
    }
    if (sets.isEmpty()) {
      throw new IllegalStateException("There is no golden_*.json in " + folder);
    }
    return sets;
  }

  private static Path folder() throws IOException {
    String named = System.getProperty(FOLDER_PROPERTY);
    return named == null
        ? PackagedSets.folder()
        : Path.of(System.getProperty("sigmoe.root", ".")).resolve(named);
  }

  /**
   * The cases that come with a piece of work.
   *
   * @throws IllegalStateException if a case does not say with which it comes
   */
  public List<GoldenCase> due(String work) {
    List<GoldenCase> due = new ArrayList<>();
    root.required("cases")
        .properties()
        .forEach(
            family ->
                family
                    .getValue()
                    .properties()
                    .forEach(
                        entry -> {
                          if (entry.getValue().required("due").asText().equals(work)) {
                            due.add(goldenCase(family.getKey(), entry.getKey(), entry.getValue()));
                          }
                        }));
    return due;
  }

  private GoldenCase goldenCase(String family, String name, JsonNode description) {
    for (var entry : root.required("files").properties()) {
      for (JsonNode held : entry.getValue().required("families")) {
        if (held.asText().equals(family)) {
          String rule = entry.getValue().required("name_rule").asText();
          String prefix =
              switch (rule) {
                case "CASE/TENSOR" -> name + "/";
                case "FAMILY/CASE/TENSOR" -> family + "/" + name + "/";
                default -> throw new IllegalStateException(file + ": name_rule " + rule);
              };
          return new GoldenCase(
              family, name, description, file.resolveSibling(entry.getKey()), prefix);
        }
      }
    }
    throw new IllegalStateException(file + " names no file for family " + family);
  }

  @Override
  public String toString() {
    return file.getFileName().toString();
  }
}
