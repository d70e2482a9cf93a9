package org.sigmoe.nn.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The few things that saving does to a file system. Everything that must survive a crash goes
 * through here, so that tests can put a full disk, or a crash after any one of these steps, in its
 * place.
 */
public interface Storage {

  /** Returns the file system itself. */
  static Storage disk() {
    return DiskStorage.INSTANCE;
  }

  /** Opens a file for writing, emptied if there is one. The caller closes it. */
  DurableChannel create(Path file) throws IOException;

  /** Makes a folder and those above it; one that is there already stays as it is. */
  void createDirectories(Path directory) throws IOException;

  /**
   * Gives a file or folder another name in one step, in place of a file that has the name. Source
   * and target lie in the same folder.
   */
  void rename(Path source, Path target) throws IOException;

  /** Deletes a file, or a folder with all it holds; does nothing if there is none. */
  void delete(Path fileOrDirectory) throws IOException;

  /**
   * Returns once the names of a folder (files made, renamed, deleted) have reached the device,
   * where the platform can do so.
   */
  void forceDirectory(Path directory) throws IOException;
}
