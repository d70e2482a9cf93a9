package org.sigmoe.cli.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.sigmoe.xl.data.DataException;

/** The folders of prepared data that recipes name: {@code data/NAME}. */
final class DatasetFolders {
  private static final Set<String> NAMES = Set.of("enwik8", "wikitext-103", "c4", "pes2o", "ptb");

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
