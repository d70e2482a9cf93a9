package org.sigmoe.cli.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.prepare.PublishedData;

/** The folders of prepared data that recipes name: {@code data/NAME}. */
final class DatasetFolders {
  private static final Set<String> NAMES =
      Arrays.stream(PublishedData.values())
          .map(PublishedData::label)
          .collect(Collectors.toUnmodifiableSet());

  private DatasetFolders() {}

  /**
   * Refuses a folder of this kind that is not there yet.
   *
   * @throws DataException says which command makes it
   */
  static void requireMade(Path folder) {
    String name = String.valueOf(folder.getFileName());
    if (NAMES.contains(name) && !Files.exists(folder)) {
      throw new DataException(
          "there is no prepared data in %s; make it by `sigmoe data %s --out %s`, or give other data"
              .formatted(folder, name, folder));
    }
  }
}
