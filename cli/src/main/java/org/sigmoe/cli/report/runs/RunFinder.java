package org.sigmoe.cli.report.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.xl.checkpoint.RunLayout;

/** Finds runs in folders. */
public final class RunFinder {
  /** A comparison has folders of configurations with folders of seeds. */
  private static final int DEEPEST = 4;

  private RunFinder() {}

  /**
   * Reads the runs that folders are, or that lie in them, in the order of their names.
   *
   * @throws UsageException if one is no folder, or has no run in it
   */
  public static List<RunRecord> read(List<Path> folders) throws IOException {
    Set<Path> found = new LinkedHashSet<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new UsageException(
            "there is no folder " + folder + "; give folders of runs, or folders with runs in them");
      }
      List<Path> runs = runsIn(folder);
      if (runs.isEmpty()) {
        throw new UsageException(
            "%s holds no run: there is no config.yaml in it, nor in a folder below".formatted(folder));
      }
      found.addAll(runs);
    }
    List<Path> runs = List.copyOf(found);
    List<String> names = RunNames.of(runs);
    List<RunRecord> records = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      records.add(RunReader.read(runs.get(i), names.get(i)));
    }
    return records;
  }

  private static List<Path> runsIn(Path folder) throws IOException {
    try (Stream<Path> inside = Files.walk(folder, DEEPEST)) {
      return inside
          .filter(path -> Files.isRegularFile(new RunLayout(path).config()))
          .map(path -> path.toAbsolutePath().normalize())
          .sorted()
          .toList();
    }
  }
}
