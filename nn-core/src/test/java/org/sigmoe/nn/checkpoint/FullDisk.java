package org.sigmoe.nn.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file system with room for so many more bytes. */
final class FullDisk implements Storage {

  private final Storage disk = Storage.disk();
  private long room;

  FullDisk(long room) {
    this.room = room;
  }

  @Override
  public DurableChannel create(Path file) throws IOException {
    return new LimitedChannel(disk.create(file));
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    disk.createDirectories(directory);
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    disk.rename(source, target);
  }

  @Override
  public void delete(Path fileOrDirectory) throws IOException {
    disk.delete(fileOrDirectory);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    disk.forceDirectory(directory);
  }

  private final class LimitedChannel implements DurableChannel {
    private final DurableChannel channel;

    LimitedChannel(DurableChannel channel) {
      this.channel = channel;
    }

    /** Writes what still fits, as the system call does, and fails when nothing does. */
    @Override
    public int write(ByteBuffer source) throws IOException {
      if (room == 0) {
        throw new IOException("No space left on device");
      }
      int fits = (int) Math.min(room, source.remaining());
      ByteBuffer part = source.slice(source.position(), fits);
      int written = channel.write(part);
      source.position(source.position() + written);
      room -= written;
      return written;
    }

    @Override
    public void force() throws IOException {
      channel.force();
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
