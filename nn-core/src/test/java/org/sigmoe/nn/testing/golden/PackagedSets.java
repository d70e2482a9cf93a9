package org.sigmoe.nn.testing.golden;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The sets that come with these tests. They lie in a folder, or in this module's test jar for the
 * tests of other modules: then they are unpacked once, because tensors are read from files.
 */
final class PackagedSets {
  private static final String NAME = "/golden";

  private PackagedSets() {}

  static Path folder() throws IOException {
    URI found;
    try {
      found = Objects.requireNonNull(GoldenSet.class.getResource(NAME), NAME).toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return found.getScheme().equals("jar") ? Unpacked.of(found) : Path.of(found);
  }

  /** One copy for all tests of a virtual machine, gone when it ends. */
  private static final class Unpacked {
    private static Path folder;

    static synchronized Path of(URI inJar) throws IOException {
      if (folder == null) {
        Path target = Files.createTempDirectory("golden");
        target.toFile().deleteOnExit();
        try (FileSystem jar = FileSystems.newFileSystem(inJar, Map.of());
            Stream<Path> files = Files.list(jar.getPath(NAME))) {
          for (Path file : files.toList()) {
            Path copy = target.resolve(file.getFileName().toString());
            Files.copy(file, copy);
            copy.toFile().deleteOnExit();
          }
        }
        folder = target;
      }
      return folder;
    }
  }
}
