package org.sigmoe.xl.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Removes folders of the cache that are of no more use. A file that another process has mapped goes
 * on existing for that process.
 */
final class StaleFolders {

  /** How the names of folders begin that are being filled. */
  static final String UNFINISHED = ".unfinished-";

  private static final Duration ABANDONED = Duration.ofDays(1);

  private StaleFolders() {}

  /** Removes a folder of the cache, which holds only files; does nothing if it is not there. */
  static void remove(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(folder);
  }

  /** Removes what processes left behind that were killed more than a day ago. */
  static void removeAbandoned(Path source) throws IOException {
    Instant limit = Instant.now().minus(ABANDONED);
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(source, UNFINISHED + "*")) {
      for (Path folder : folders) {
        if (isOlder(folder, limit)) {
          remove(folder);
        }
      }
    }
  }

  private static boolean isOlder(Path folder, Instant limit) throws IOException {
    try {
      return Files.getLastModifiedTime(folder).toInstant().isBefore(limit);
    } catch (NoSuchFileException e) {
      return false; // whoever filled it has just finished, and renamed or removed it
    }
  }

  /** Removes the folders of other states of the same source, but none that is being filled. */
  static void removeOthers(Path source, Path current) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(source)) {
      for (Path folder : folders) {
        if (!folder.equals(current) && !folder.getFileName().toString().startsWith(UNFINISHED)) {
          remove(folder);
        }
      }
    }
  }
}
