package org.sigmoe.xl.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other processes from writing the same files. It ends with the process, however that ends.
 */
public final class FolderLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes a lock.
   *
   * @param file stands for what is written; it is made, and removed in the end
   * @param activity what is being done, for the message to another who tries it
   * @throws DataException if another has it
   * @throws IOException if the file cannot be made
   */
  public static FolderLock take(Path file, String activity) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock(channel) == null) {
        throw new DataException("another process is " + activity + "; wait for it to end");
      }
      return new FolderLock(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this process has it
    }
  }

  @Override
  public void close() throws IOException {
    // Removed while it is locked. Who opened it before holds a lock on a file without a name, and
    // can at worst do at the same time what was just finished.
    Files.deleteIfExists(file);
    channel.close();
  }
}
