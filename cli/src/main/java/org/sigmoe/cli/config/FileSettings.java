package org.sigmoe.cli.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sigmoe.nn.checkpoint.CheckpointException;

/**
 * The settings of a file and of the files below it. {@code base: ../small.yaml} puts a file over
 * another one, which may have a base in its turn; the path is relative to the file that names it,
 * so that files that belong together can be moved together.
 *
 * @param files those that were read, the lowest first
 * @param settings of all of them
 */
record FileSettings(List<Path> files, Settings settings) {
  private static final String BASE = "base";

  /** No file. */
  static final FileSettings NONE = new FileSettings(List.of(), Settings.empty());

  /**
   * Reads a file and what is below it.
   *
   * @throws ConfigException if one of them cannot be read, is not of nested maps of single values,
   *     or is below itself; names the file, and the one that led to it
   */
  static FileSettings read(Path file) {
    return read(file, new ArrayList<>(), new HashSet<>());
  }

  /**
   * Reads a file and what is below it.
   *
   * @param above the files that led to this one, the first first
   * @param seen what these files are, under whatever name or link they were reached
   */
  private static FileSettings read(Path file, List<Path> above, Set<Path> seen) {
    Settings own = YamlSettings.read(file);
    above.add(file);
    if (!seen.add(real(file))) {
      throw new ConfigException(
          "leads in a circle: "
              + above.stream().map(Path::toString).collect(Collectors.joining(" -> ")));
    }
    Optional<String> base = own.text(BASE);
    if (base.isEmpty()) {
      return new FileSettings(List.of(file), own.without(BASE));
    }
    FileSettings below;
    try {
      Path path = (Path) Scalars.parse(base.get(), Path.class);
      below = read(file.resolveSibling(path).normalize(), above, seen);
    } catch (ConfigException | IllegalArgumentException e) {
      throw ConfigException.at(own.where(BASE), BASE, String.valueOf(e.getMessage()));
    }
    List<Path> files = new ArrayList<>(below.files());
    files.add(file);
    return new FileSettings(List.copyOf(files), own.without(BASE).over(below.settings()));
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new ConfigException("cannot read " + file + ": " + CheckpointException.reason(e));
    }
  }
}
