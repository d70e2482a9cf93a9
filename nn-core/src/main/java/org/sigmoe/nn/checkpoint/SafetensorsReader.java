package org.sigmoe.nn.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads a safetensors file through a memory map, so that a file larger than memory can be opened
 * and only what is used is read.
 *
 * <pre>{@code
 * try (SafetensorsReader reader = SafetensorsReader.open(Path.of("model.safetensors"))) {
 *   float[] bias = reader.tensor("out.bias").toFloats();
 *   reader.loadInto(targets); // into off-heap memory, all or nothing
 * }
 * }</pre>
 *
 * <p>Everything that the header says is checked against the size of the file before any of it is
 * used. Format: <a href="https://github.com/huggingface/safetensors#format">safetensors</a>.
 */
public final class SafetensorsReader implements AutoCloseable {

  private final Path file;
  private final Arena arena;
  private final Map<String, String> metadata;
  private final List<TensorSpec> specs;
  private final Map<String, NamedTensor> tensors;

  private SafetensorsReader(Path file, Arena arena, SafetensorsHeader header, MemorySegment data) {
    this.file = file;
    this.arena = arena;
    this.metadata = header.metadata();
    this.specs = header.entries().stream().map(SafetensorsHeader.Entry::spec).toList();
    this.tensors = HashMap.newHashMap(specs.size());
    for (SafetensorsHeader.Entry entry : header.entries()) {
      TensorSpec spec = entry.spec();
      tensors.put(spec.name(), new NamedTensor(spec, data.asSlice(entry.begin(), spec.byteSize())));
    }
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws CheckpointException if it cannot be read, is truncated or longer than its header says,
   *     or has a header that is not a sound description of tensors
   */
  public static SafetensorsReader open(Path file) throws CheckpointException {
    if (Files.isDirectory(file)) {
      throw new CheckpointException(file + " is a folder, not a safetensors file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      byte[] headerBytes = readHeader(file, channel, size);
      SafetensorsHeader header = SafetensorsHeaderParser.parse(file, headerBytes);
      long dataBegin = SafetensorsHeader.LENGTH_BYTES + (long) headerBytes.length;
      checkDataSize(file, header, size - dataBegin);
      Arena arena = Arena.ofShared();
      try {
        MemorySegment data =
            channel.map(FileChannel.MapMode.READ_ONLY, dataBegin, header.dataSize(), arena);
        return new SafetensorsReader(file, arena, header, data);
      } catch (IOException | RuntimeException e) {
        arena.close();
        throw e;
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new CheckpointException(file + " does not exist", e);
    } catch (IOException e) {
      throw CheckpointException.notReadable(file, e);
    }
  }

  /** Returns what the tensors are, in the order of their bytes in the file. */
  public List<TensorSpec> specs() {
    return specs;
  }

  /** Returns the free text of the file by key. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Returns whether the file has a tensor of this name. */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /**
   * Returns a tensor. Its data is a read-only view of the file, which ends when this reader is
   * closed.
   *
   * @throws CheckpointException if the file has no such tensor
   */
  public NamedTensor tensor(String name) throws CheckpointException {
    NamedTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException(file + " has no tensor \"" + name + "\"");
    }
    return tensor;
  }

  /**
   * Copies all tensors of the file to where a model keeps them. The tensors must be the same on
   * both sides by name, element type and shape; if any is not, nothing is copied.
   *
   * @param targets the model's tensors; their data is written
   * @throws CheckpointException if the file holds other tensors; names the first that differ
   */
  public void loadInto(Collection<NamedTensor> targets) throws CheckpointException {
    requireSame(targets.stream().map(NamedTensor::spec).toList());
    for (NamedTensor target : targets) {
      target.data().copyFrom(tensor(target.name()).data());
    }
  }

  /**
   * Copies the tensors of a file, of whatever floating-point types, to where a model keeps them.
   * The tensors must be the same on both sides by name and shape; if any is not, nothing is copied.
   *
   * @param targets the model's tensors, all F32; their data is written
   * @param beside names of tensors that the file may have too, and that mean nothing to the model
   * @throws CheckpointException if the file holds other tensors; names the first that differ
   */
  public void loadAsFloats(Collection<NamedTensor> targets, Predicate<String> beside)
      throws CheckpointException {
    requireSame(
        specs.stream().filter(spec -> !beside.test(spec.name())).toList(),
        targets.stream().map(target -> target.spec().withType(typeHere(target))).toList());
    for (NamedTensor target : targets) {
      tensor(target.name()).copyAsFloats(target.data());
    }
  }

  /** The type that a tensor of the model may have in the file: the one that it has, or its own. */
  private ElementType typeHere(NamedTensor target) {
    NamedTensor here = tensors.get(target.name());
    return here != null && here.spec().type().floatingPoint()
        ? here.spec().type()
        : target.spec().type();
  }

  /**
   * Requires the file to hold the tensors of a model and no others.
   *
   * @param expected the model's tensors
   * @throws CheckpointException if one differs by name, element type or shape; names the first few
   */
  public void requireSame(Collection<TensorSpec> expected) throws CheckpointException {
    requireSame(specs, expected);
  }

  private void requireSame(Collection<TensorSpec> inFile, Collection<TensorSpec> expected)
      throws CheckpointException {
    List<String> differences = TensorComparison.differences(inFile, expected);
    if (!differences.isEmpty()) {
      throw new CheckpointException(
          file
              + " belongs to another model: "
              + TensorComparison.summary(differences)
              + "\nUse the configuration that it was trained with.");
    }
  }

  /** Ends the memory map; tensors of this reader can no longer be read. */
  @Override
  public void close() {
    arena.close();
  }

  private static byte[] readHeader(Path file, FileChannel channel, long size) throws IOException {
    ByteBuffer lengthBytes =
        ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (size < lengthBytes.capacity()) {
      throw new CheckpointException(
          file
              + " is truncated or no safetensors file: it has "
              + size
              + " bytes, fewer than the 8 of the header length");
    }
    readFully(channel, lengthBytes, 0);
    long length = lengthBytes.getLong(0);
    if (length < 0 || length > SafetensorsHeader.MAX_BYTES) {
      throw new CheckpointException(
          file
              + " is damaged or no safetensors file: the header length at byte 0 is "
              + Long.toUnsignedString(length)
              + ", more than the "
              + SafetensorsHeader.MAX_BYTES
              + " allowed");
    }
    long available = size - lengthBytes.capacity();
    if (length > available) {
      throw new CheckpointException(
          file
              + " is truncated within its header: the header takes "
              + length
              + " bytes from byte 8 on, but the file has "
              + available);
    }
    ByteBuffer header = ByteBuffer.allocate((int) length);
    readFully(channel, header, lengthBytes.capacity());
    if (length == 0 || header.get(0) != '{') {
      throw new CheckpointException(
          file + " is no safetensors file: the header at byte 8 does not begin with {");
    }
    return header.array();
  }

  private static void checkDataSize(Path file, SafetensorsHeader header, long available)
      throws CheckpointException {
    long needed = header.dataSize();
    if (available < needed) {
      SafetensorsHeader.Entry first =
          header.entries().stream().filter(e -> e.end() > available).findFirst().orElseThrow();
      throw new CheckpointException(
          file
              + " is truncated: its tensors take "
              + needed
              + " bytes, but "
              + available
              + " are there; the first one cut off is \""
              + first.spec().name()
              + "\"");
    }
    if (available > needed) {
      throw new CheckpointException(
          file
              + " was altered: "
              + (available - needed)
              + " bytes follow the last tensor, which the header does not account for");
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    while (target.hasRemaining()) {
      if (channel.read(target, position + target.position()) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
  }
}
