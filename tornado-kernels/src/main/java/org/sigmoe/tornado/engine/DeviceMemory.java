package org.sigmoe.tornado.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.tornado.kernel.Bf16Array;
import org.sigmoe.tornado.kernel.TaskTarget;
import uk.ac.manchester.tornado.api.common.Access;
import uk.ac.manchester.tornado.api.memory.XPUBuffer;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;
import uk.ac.manchester.tornado.runtime.common.XPUDeviceBufferState;

/**
 * The memory of one device: arrays are allocated here once, before any task graph exists, and are
 * shared by all of them. TornadoVM's own way, a transfer that allocates, would give each task graph
 * arrays of its own and each array a copy on the host.
 */
final class DeviceMemory implements AutoCloseable {
  /** Number of the queue for copies; execution plans number theirs from 1. */
  private static final long COPY_QUEUE = 0;

  /**
   * Elements begin at a multiple of so many bytes where the device lets them, so that rows are read
   * and written in as few sectors as they fill.
   */
  private static final long ALIGNMENT = 128;

  /** Bytes before the header of an aligned array. */
  private static final long LEAD = ALIGNMENT - TornadoNativeArray.ARRAY_HEADER;

  private final TornadoXPUDevice device;
  private final long capacity;

  /** Bytes that are left free before an array. */
  private final long lead;

  /** Bytes that an array is allocated beyond its own. */
  private final long slack;

  private final Arena arena = Arena.ofShared();

  /** TornadoVM tells objects apart by their hash codes: no two arrays may share one. */
  private final Set<Integer> hashCodes = new HashSet<>();

  private long used;

  /**
   * Memory of {@code device}.
   *
   * @param capacity bytes that may be allocated
   * @param pointers whether a buffer of the device is a number that can be added to
   */
  DeviceMemory(TornadoXPUDevice device, long capacity, boolean pointers) {
    this.device = device;
    this.capacity = capacity;
    this.lead = pointers ? LEAD : 0;
    this.slack = pointers ? ALIGNMENT : 0;
  }

  /** Bytes of all arrays. */
  long used() {
    return used;
  }

  /**
   * Requires room for so many bytes more.
   *
   * @param purpose what for, as the subject of the message
   * @throws EngineException if there is less, with both numbers
   */
  void require(long bytes, String purpose) {
    if (bytes > capacity - used) {
      throw new EngineException(
          ("%s needs %,d MB of device memory; %s has %,d MB, of which %,d MB are in use. Use a"
                  + " smaller batch or context, or another device")
              .formatted(
                  purpose,
                  megabytes(bytes),
                  device.getPhysicalDevice().getDeviceName().strip(),
                  megabytes(capacity),
                  megabytes(used)));
    }
  }

  private static long megabytes(long bytes) {
    return Math.ceilDiv(bytes, 1_000_000L);
  }

  /** An array of unknown contents. */
  DeviceArray allocate(DType dtype, long elements, String purpose) {
    requireElements(elements, purpose);
    long bytes = elements * dtype.bytes();
    require(bytes, purpose);
    Function<MemorySegment, TornadoNativeArray> wrap = segment -> DeviceArray.wrap(dtype, segment);
    TornadoNativeArray name = name(bytes, wrap);
    XPUDeviceBufferState state = new XPUDeviceBufferState();
    device.allocate(slack == 0 ? name : name(bytes + slack, wrap), 0, state, Access.READ_WRITE);
    used += bytes;
    DeviceArray array = new DeviceArray(dtype, elements, name, state.getXPUBuffer());
    move(array, lead);
    return array;
  }

  private static void requireElements(long elements, String purpose) {
    if (elements > TaskTarget.MAX_ELEMENTS) {
      throw new EngineException(
          "%s has %,d elements; the TornadoVM engine takes at most %,d in one tensor"
              .formatted(purpose, elements, TaskTarget.MAX_ELEMENTS));
    }
  }

  /**
   * Names for an array of at least so many bf16 elements that has no memory yet. Its memory counts
   * as i32, half as long.
   *
   * @throws EngineException if that is too long, before anything is made
   */
  Bf16Array nameBf16(long elements) {
    // Whole quads.
    long bytes = Math.ceilDiv(elements, 4) * Long.BYTES;
    requireElements(bytes / DType.I32.bytes(), "A copy rounded to bf16");
    return new Bf16Array(
        (ShortArray) name(bytes, ShortArray::fromSegmentShallow),
        (IntArray) name(bytes, IntArray::fromSegmentShallow),
        (LongArray) name(bytes, LongArray::fromSegmentShallow));
  }

  /** Lets an array's buffer begin so many bytes later on the device than it did. */
  private static void move(DeviceArray array, long bytes) {
    if (bytes != 0) {
      XPUBuffer buffer = array.buffer();
      buffer.setBuffer(new XPUBuffer.XPUBufferWrapper(buffer.toBuffer() + bytes, 0));
    }
  }

  /**
   * A name for an array: only its header exists, the elements behind it are claimed and never
   * touched (the engine's own flags keep TornadoVM from pinning them).
   */
  private TornadoNativeArray name(long bytes, Function<MemorySegment, TornadoNativeArray> wrap) {
    while (true) {
      MemorySegment header = arena.allocate(TornadoNativeArray.ARRAY_HEADER, 64);
      TornadoNativeArray name =
          wrap.apply(header.reinterpret(TornadoNativeArray.ARRAY_HEADER + bytes));
      if (hashCodes.add(name.hashCode())) {
        return name;
      }
    }
  }

  /** Sets all elements of an array. */
  void write(DeviceArray array, MemorySegment data) {
    // A buffer is written whole, with what is free before and behind the array.
    long start = lead + TornadoNativeArray.ARRAY_HEADER;
    long whole = TornadoNativeArray.ARRAY_HEADER + data.byteSize() + slack;
    try (Arena staging = Arena.ofConfined()) {
      MemorySegment copy = staging.allocate(whole, 64);
      MemorySegment.copy(data, 0, copy, start, data.byteSize());
      move(array, -lead);
      array.buffer().write(COPY_QUEUE, DeviceArray.wrap(array.dtype(), copy));
      device.sync(COPY_QUEUE);
    } finally {
      move(array, lead);
    }
  }

  /** Gets the first elements of an array, as many as {@code target} takes. */
  void read(DeviceArray array, MemorySegment target) {
    long bytes = TornadoNativeArray.ARRAY_HEADER + target.byteSize();
    try (Arena staging = Arena.ofConfined()) {
      MemorySegment copy = staging.allocate(bytes, 64);
      array.buffer().read(COPY_QUEUE, DeviceArray.wrap(array.dtype(), copy), 0, bytes, null, false);
      device.sync(COPY_QUEUE);
      MemorySegment.copy(copy, TornadoNativeArray.ARRAY_HEADER, target, 0, target.byteSize());
    }
  }

  /** Gives an array's memory back. */
  void free(DeviceArray array) {
    hashCodes.remove(array.name().hashCode());
    move(array, -lead);
    array.buffer().markAsFreeBuffer();
    array.buffer().deallocate();
    used -= array.bytes();
  }

  /** Frees the names of arrays; each array must have been freed. */
  @Override
  public void close() {
    arena.close();
  }
}
