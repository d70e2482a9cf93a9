package org.sigmoe.nn.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes safetensors files, byte for byte as the reference implementation would: tensors by
 * descending alignment and then by name, the header padded to 8 bytes.
 *
 * <p>Files are written {@linkplain AtomicFile atomically}, streaming: nothing but the header is
 * ever on the heap.
 */
public final class SafetensorsWriter {

  /**
   * Tensors go to the channel in pieces of this size, since a buffer counts its bytes in an int.
   */
  private static final long PIECE = 1 << 24;

  private final Storage storage;

  /** Creates a writer to the file system. */
  public SafetensorsWriter() {
    this(Storage.disk());
  }

  /** Creates a writer to a storage. */
  public SafetensorsWriter(Storage storage) {
    this.storage = storage;
  }

  /**
   * Writes a file or replaces it.
   *
   * @param target the file; its folder exists
   * @param tensors what to write; their data must be off-heap memory
   * @param metadata free text by key; may be empty
   * @return size and SHA-256 of the file, for checking it later
   * @throws CheckpointException if it could not be written, for instance because the disk is full;
   *     what had the name before is still there
   * @throws IllegalArgumentException if two tensors have one name or a tensor lies on the heap
   */
  public FileDigest write(
      Path target, Collection<NamedTensor> tensors, Map<String, String> metadata)
      throws CheckpointException {
    checkTensors(tensors);
    List<NamedTensor> ordered =
        tensors.stream()
            .sorted(Comparator.comparing(NamedTensor::spec, SafetensorsHeader.ORDER))
            .toList();
    SafetensorsHeader header =
        SafetensorsHeader.of(ordered.stream().map(NamedTensor::spec).toList(), metadata);
    byte[] encoded = header.encode();
    if (encoded.length > SafetensorsHeader.MAX_BYTES) {
      throw new CheckpointException(
          "cannot write "
              + target
              + ": the names of its "
              + ordered.size()
              + " tensors make a header longer than the "
              + SafetensorsHeader.MAX_BYTES
              + " bytes allowed");
    }
    return AtomicFile.write(
        storage,
        target,
        channel -> {
          channel.write(lengthOf(encoded));
          channel.write(ByteBuffer.wrap(encoded));
          for (NamedTensor tensor : ordered) {
            writeData(channel, tensor.data());
          }
        });
  }

  private static void checkTensors(Collection<NamedTensor> tensors) {
    Set<String> names = HashSet.newHashSet(tensors.size());
    for (NamedTensor tensor : tensors) {
      if (!tensor.data().isNative()) {
        throw new IllegalArgumentException("tensor " + tensor.name() + " is not off-heap memory");
      }
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException("two tensors are named " + tensor.name());
      }
    }
  }

  private static ByteBuffer lengthOf(byte[] header) {
    return ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .flip();
  }

  private static void writeData(WritableByteChannel channel, MemorySegment bytes)
      throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += PIECE) {
      channel.write(bytes.asSlice(at, Math.min(PIECE, bytes.byteSize() - at)).asByteBuffer());
    }
  }
}
