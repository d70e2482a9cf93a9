package org.sigmoe.xl.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Knows how much may still be written. */
@FunctionalInterface
interface DiskSpace {

  /** Left free for everything else on the disk: 64 MiB. */
  long RESERVE_BYTES = 64L << 20;

  /** Asks the file system. */
  DiskSpace OF_SYSTEM = folder -> Files.getFileStore(folder).getUsableSpace();

  /** The bytes that can be written where the folder is. */
  long usableBytes(Path folder) throws IOException;

  /**
   * Refuses documents that would not fit, before any of them is written.
   *
   * @throws DataException if the folder's disk has less room than their declared sizes and {@link
   *     #RESERVE_BYTES} together
   */
  default void require(Path folder, DocumentSet documents) throws IOException {
    long usable = usableBytes(folder);
    if (documents.bytes() > usable - RESERVE_BYTES) {
      throw new DataException(
          ("the text of %s has %,d bytes, and the disk of %s, where it would be joined into files,"
                  + " has %,d free; free some, set XDG_CACHE_HOME to a folder on another disk, or"
                  + " give less text")
              .formatted(documents.origin(), documents.bytes(), folder, usable));
    }
  }
}
