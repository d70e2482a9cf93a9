package org.sigmoe.cli.report.runs;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/** Names of runs: as much of the end of their paths as tells them apart. */
final class RunNames {
  private RunNames() {}

  /**
   * A name for each, as {@code dense/seed-1}.
   *
   * @param folders absolute, each once
   */
  static List<String> of(List<Path> folders) {
    int least = folders.stream().anyMatch(RunNames::namesASeed) ? 2 : 1;
    int longest = folders.stream().mapToInt(Path::getNameCount).max().orElse(1);
    for (int length = least; length <= longest; length++) {
      int parts = length;
      List<String> names = folders.stream().map(folder -> end(folder, parts)).toList();
      if (new HashSet<>(names).size() == names.size()) {
        return names;
      }
    }
    return folders.stream().map(Path::toString).toList();
  }

  /** A comparison has a folder for each seed, which says nothing without the one above. */
  private static boolean namesASeed(Path folder) {
    return folder.getNameCount() > 1 && folder.getFileName().toString().matches("seed-\\d+");
  }

  private static String end(Path folder, int parts) {
    int count = folder.getNameCount();
    return folder.subpath(Math.max(0, count - parts), count).toString().replace('\\', '/');
  }
}
