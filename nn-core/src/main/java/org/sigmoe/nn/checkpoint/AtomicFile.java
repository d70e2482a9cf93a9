package org.sigmoe.nn.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * Writes a file so that, whatever happens, its name stands for the whole old content or the whole
 * new one: the bytes go to {@code <name>.tmp} in the same folder, are forced to the device, and the
 * file is then renamed. If writing fails, a full disk among the reasons, the temporary file is
 * removed.
 *
 * <p>The temporary name is fixed so that one left by a crash is overwritten by the next write
 * instead of adding up; a file must therefore have only one writer at a time.
 */
public final class AtomicFile {

  /** What the name of a file or folder ends in until it is whole. */
  public static final String TEMPORARY_SUFFIX = ".tmp";

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it.
     *
     * @param channel takes every byte of a buffer in one call
     */
    void writeTo(WritableByteChannel channel) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Writes a file or replaces it.
   *
   * @param storage where to write
   * @param target the file; its folder exists
   * @param content writes the bytes
   * @return size and SHA-256 of what was written
   * @throws CheckpointException if it could not be written; the file is then as it was before, or
   *     whole and new where only forcing its name to the device failed
   */
  public static FileDigest write(Storage storage, Path target, Content content)
      throws CheckpointException {
    Path temporary = target.resolveSibling(target.getFileName() + TEMPORARY_SUFFIX);
    boolean renamed = false;
    try {
      FileDigest digest = writeThrough(storage, temporary, content);
      storage.rename(temporary, target);
      renamed = true;
      Path folder = target.toAbsolutePath().getParent();
      if (folder != null) {
        storage.forceDirectory(folder);
      }
      return digest;
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot write " + target + ": " + CheckpointException.reason(e), e);
    } finally {
      if (!renamed) {
        removeQuietly(storage, temporary);
      }
    }
  }

  private static FileDigest writeThrough(Storage storage, Path file, Content content)
      throws IOException {
    try (DurableChannel channel = storage.create(file)) {
      DigestingChannel digesting = new DigestingChannel(channel);
      content.writeTo(digesting);
      channel.force();
      return digesting.digest();
    }
  }

  private static void removeQuietly(Storage storage, Path temporary) {
    try {
      storage.delete(temporary);
    } catch (IOException _) {
      // The failure that led here is the one to report; the next write overwrites what is left.
    }
  }

  /** Passes bytes on, whole buffers at a time, and hashes them on the way while they are cached. */
  private static final class DigestingChannel implements WritableByteChannel {
    private static final int CHUNK = 1 << 20;

    private final DurableChannel target;
    private final MessageDigest sha = FileDigest.newSha256();
    private long size;

    DigestingChannel(DurableChannel target) {
      this.target = target;
    }

    FileDigest digest() {
      return FileDigest.of(size, sha);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      int total = source.remaining();
      while (source.hasRemaining()) {
        ByteBuffer chunk = source.slice(source.position(), Math.min(CHUNK, source.remaining()));
        sha.update(chunk.duplicate());
        while (chunk.hasRemaining()) {
          target.write(chunk);
        }
        source.position(source.position() + chunk.limit());
      }
      size += total;
      return total;
    }

    @Override
    public boolean isOpen() {
      return target.isOpen();
    }

    @Override
    public void close() throws IOException {
      target.close();
    }
  }
}
