package org.sigmoe.xl.metrics;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.sigmoe.nn.checkpoint.CheckpointException;

/**
 * A file that grows by whole records: one that does not fit on the disk is taken back, so that the
 * next one never follows half of it. Nothing is buffered here; what was appended outlives the
 * process.
 */
final class AppendedFile implements Closeable {

  private final Path file;
  private final FileChannel channel;
  private long end;
  private long lastStep = Long.MIN_VALUE;

  private AppendedFile(Path file, FileChannel channel, long end) {
    this.file = file;
    this.channel = channel;
    this.end = end;
  }

  /** Begins a file that must not exist yet. */
  static AppendedFile create(Path file) throws IOException {
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
      return new AppendedFile(file, channel, 0);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** Goes on with a file after its first {@code keep} bytes; the others are cut off. */
  static AppendedFile truncate(Path file, long keep) throws IOException {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      try {
        channel.truncate(keep);
        channel.force(true);
        return new AppendedFile(file, channel, keep);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /** Appends a record of a step; steps never go back. */
  void append(long step, byte[] record) throws IOException {
    if (step < lastStep) {
      throw new IllegalArgumentException(
          file + ": step " + step + " cannot follow step " + lastStep);
    }
    ByteBuffer bytes = ByteBuffer.wrap(record);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes, end + bytes.position());
      }
    } catch (IOException e) {
      IOException failure = failure(file, e);
      try {
        channel.truncate(end);
      } catch (IOException suppressed) {
        failure.addSuppressed(suppressed);
      }
      throw failure;
    }
    end += record.length;
    lastStep = step;
  }

  void force() throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static IOException failure(Path file, IOException e) {
    return new IOException("cannot write " + file + ": " + CheckpointException.reason(e), e);
  }
}
