package org.sigmoe.xl.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sigmoe.nn.checkpoint.DurableChannel;
import org.sigmoe.nn.checkpoint.Storage;

/**
 * The file system with a fault: it is full after so many bytes, or the process dies in the middle
 * of the n-th thing done to it. It also notes what was done. Forcing to the device is noted and not
 * done: it would make tests slow and show them nothing.
 */
final class FaultyStorage implements Storage {

  /** Stands for the end of the process: nobody handles it, and nothing works after it. */
  static final class Crash extends Error {
    Crash() {
      super("the process died");
    }
  }

  private final Storage disk = Storage.disk();
  private final List<String> done = new ArrayList<>();
  private final long crashAt;
  private long room;
  private long operations;
  private String refused = "";

  private FaultyStorage(long crashAt, long room) {
    this.crashAt = crashAt;
    this.room = room;
  }

  static FaultyStorage sound() {
    return new FaultyStorage(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  static FaultyStorage crashingAt(long operation) {
    return new FaultyStorage(operation, Long.MAX_VALUE);
  }

  static FaultyStorage fullAfter(long bytes) {
    return new FaultyStorage(Long.MAX_VALUE, bytes);
  }

  /** Lets no file or folder of this name be renamed. */
  void refuseRenaming(String name) {
    refused = name;
  }

  /** Returns what was done, as "verb name", with "verb name name" for a renaming. */
  List<String> done() {
    return done;
  }

  @Override
  public DurableChannel create(Path file) throws IOException {
    begin("create " + file.getFileName());
    crashIfDue();
    return new Channel(file.getFileName().toString(), disk.create(file));
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    begin("mkdir " + directory.getFileName());
    crashIfDue();
    disk.createDirectories(directory);
  }

  @Override
  public void rename(Path source, Path target) throws IOException {
    begin("rename " + source.getFileName() + " " + target.getFileName());
    crashIfDue();
    if (source.getFileName().toString().equals(refused)) {
      throw new IOException("in use");
    }
    disk.rename(source, target);
  }

  /** Dies with one file of a folder deleted and the others not. */
  @Override
  public void delete(Path fileOrDirectory) throws IOException {
    begin("delete " + fileOrDirectory.getFileName());
    if (operations == crashAt && Files.isDirectory(fileOrDirectory)) {
      try (var files = Files.list(fileOrDirectory)) {
        disk.delete(files.sorted().findFirst().orElseThrow());
      }
    }
    crashIfDue();
    disk.delete(fileOrDirectory);
  }

  @Override
  public void forceDirectory(Path directory) {
    begin("force " + directory.getFileName());
    crashIfDue();
  }

  private void begin(String what) {
    if (operations >= crashAt) {
      throw new Crash();
    }
    operations++;
    done.add(what);
  }

  private void crashIfDue() {
    if (operations == crashAt) {
      throw new Crash();
    }
  }

  private final class Channel implements DurableChannel {
    private final String name;
    private final DurableChannel channel;

    Channel(String name, DurableChannel channel) {
      this.name = name;
      this.channel = channel;
    }

    /** Dies with half of the bytes written. */
    @Override
    public int write(ByteBuffer source) throws IOException {
      begin("write " + name);
      if (room == 0) {
        throw new IOException("No space left on device");
      }
      int size = (int) Math.min(room, source.remaining());
      if (operations == crashAt) {
        size /= 2;
      }
      int written = channel.write(source.slice(source.position(), size));
      source.position(source.position() + written);
      room -= written;
      crashIfDue();
      return written;
    }

    @Override
    public void force() {
      begin("force " + name);
      crashIfDue();
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
