package org.sigmoe.xl.data;

import java.nio.file.Path;
import java.util.List;

/**
 * What the opening of a corpus depends on besides its source.
 *
 * @param cache the folder in which texts of directories and archives are joined into files; it is
 *     created when needed
 * @param javaHomes the JDKs to look for sources in, best first; used by {@link
 *     CorpusSource.JdkSources} only
 * @param progress hears how far it is
 */
public record CorpusOptions(Path cache, List<Path> javaHomes, Progress progress) {

  /** The user's cache folder ({@link CacheFolder}), the JDKs of this machine, silent. */
  public static CorpusOptions defaults() {
    return new CorpusOptions(CacheFolder.ofUser(), JdkSourceArchive.javaHomes(), Progress.NONE);
  }

  /** The same with another cache folder. */
  public CorpusOptions withCache(Path folder) {
    return new CorpusOptions(folder, javaHomes, progress);
  }

  /** The same with another listener. */
  public CorpusOptions withProgress(Progress listener) {
    return new CorpusOptions(cache, javaHomes, listener);
  }
}
