package org.sigmoe.xl.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.sigmoe.nn.checkpoint.CheckpointException;

/**
 * Keeps a second trainer out of a run. The operating system holds the lock for this process and
 * releases it however the process ends; the file itself stays, and says who held it last.
 */
final class RunLock implements AutoCloseable {

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @throws CheckpointException if another process, or another part of this one, holds it
   */
  static RunLock acquire(Path file) throws CheckpointException {
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      try {
        if (!tryLock(channel)) {
          throw new CheckpointException(
              file.getParent()
                  + " is in use: "
                  + holder(channel)
                  + " is training there; wait for it to end, or use another folder");
        }
        channel.truncate(0);
        String pid = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
        return new RunLock(channel);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot lock " + file + ": " + CheckpointException.reason(e), e);
    }
  }

  @Override
  public void close() throws CheckpointException {
    try {
      channel.close();
    } catch (IOException e) {
      throw new CheckpointException("cannot unlock: " + CheckpointException.reason(e), e);
    }
  }

  /**
   * Locks a byte far behind the content, so that the content can be read where locks are strict.
   */
  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    channel.read(pid, 0);
    return pid.position() == 0
        ? "another process"
        : "process " + new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII);
  }
}
