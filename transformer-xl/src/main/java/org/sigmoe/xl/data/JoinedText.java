package org.sigmoe.xl.data;

import java.nio.file.Path;

/**
 * A folder of the cache with the joined documents of a directory or archive.
 *
 * @param folder which holds a file for each part and a {@link TextCacheManifest}
 */
record JoinedText(Path folder) {

  /** The file of one of {@link Partition#parts}. */
  Path part(String name) {
    return folder.resolve(name + ".bin");
  }

  /** The file of the {@link TextCacheManifest}. */
  Path manifest() {
    return folder.resolve("manifest.json");
  }
}
