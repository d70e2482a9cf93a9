package org.sigmoe.cli.config;

import java.nio.file.Path;
import java.util.Optional;
import org.sigmoe.xl.data.CorpusSource;

/**
 * What to learn from.
 *
 * @param path a file, directory or archive, or a prepared data set, which has its own splits; where
 *     there is none, the Java sources of the JDK
 * @param valid text held out to choose the best checkpoint by; where there is none, a part of
 *     {@code path} is
 * @param test text held out for the final result
 */
public record DataConfig(Optional<Path> path, Optional<Path> valid, Optional<Path> test) {

  /**
   * The source of the corpus.
   *
   * @throws org.sigmoe.xl.data.DataException if a text is given without the one before it, or a
   *     published data set is not prepared yet
   */
  public CorpusSource source() {
    path.ifPresent(DatasetFolders::requireMade);
    return CorpusSource.ofOptions(path.orElse(null), valid.orElse(null), test.orElse(null));
  }
}
