package org.sigmoe.tornado.kernel.emulator;

import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.sigmoe.tornado.kernel.FragmentSums;
import org.sigmoe.tornado.kernel.LocalQuads;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.HalfFloatArray;

/** What one thread of an emulated kernel sees. */
final class EmulatedContext extends KernelContext
    implements FragmentSums.Emulation, LocalQuads.Emulation {
  /** Two NaNs, as f16 and as bf16; one as f32; beyond every array as an index. */
  static final int POISON = 0x7FC1_7FC1;

  private record Copy(int[] to, int index, int value) {}

  private final WorkGroup group;
  private final LocalMemory memory;
  private final Warp warp;
  private final TensorCore core;
  private final int thread;
  private int allocations;
  private List<Copy> uncommitted = new ArrayList<>();
  private final Deque<List<Copy>> committed = new ArrayDeque<>();

  EmulatedContext(
      Launch launch, int thread, WorkGroup group, LocalMemory memory, Warp warp, TensorCore core) {
    this.group = group;
    this.memory = memory;
    this.warp = warp;
    this.core = core;
    this.thread = thread;
    int restOfGroups = group.number();
    int restOfThreads = thread;
    for (int d = 0; d < 3; d++) {
      int size = launch.local()[d];
      int groups = launch.groups(d);
      int groupId = restOfGroups % groups;
      int local = restOfThreads % size;
      restOfGroups /= groups;
      restOfThreads /= size;
      char letter = (char) ('x' + d);
      char capital = (char) ('X' + d);
      set("globalId" + letter, groupId * size + local);
      set("groupId" + letter, groupId);
      set("localId" + letter, local);
      set("globalGroupSize" + capital, launch.global()[d]);
      set("localGroupSize" + capital, size);
    }
  }

  /** The fields are final, and all 0 in Java: TornadoVM's compiler alone gives them a meaning. */
  private void set(String field, int value) {
    try {
      Field target = KernelContext.class.getField(field);
      target.setAccessible(true);
      target.set(this, value);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("KernelContext." + field + " cannot be set", e);
    }
  }

  @Override
  public void localBarrier() {
    group.barrier(thread);
  }

  /** On CUDA the same as a local one. */
  @Override
  public void globalBarrier() {
    group.barrier(thread);
  }

  @Override
  public int[] allocateIntLocalArray(int size) {
    return local(int[].class, size, Integer.BYTES, array -> Arrays.fill(array, POISON));
  }

  @Override
  public float[] allocateFloatLocalArray(int size) {
    return local(float[].class, size, Float.BYTES, array -> Arrays.fill(array, Float.NaN));
  }

  @Override
  public double[] allocateDoubleLocalArray(int size) {
    return local(double[].class, size, Double.BYTES, array -> Arrays.fill(array, Double.NaN));
  }

  @Override
  public long[] allocateLongLocalArray(int size) {
    long poison = (long) POISON << 32 | POISON;
    return local(long[].class, size, Long.BYTES, array -> Arrays.fill(array, poison));
  }

  @Override
  public byte[] allocateByteLocalArray(int size) {
    return local(byte[].class, size, Byte.BYTES, array -> Arrays.fill(array, (byte) POISON));
  }

  @Override
  public HalfFloat[] allocateHalfFloatLocalArray(int size) {
    HalfFloat poison = new HalfFloat((short) POISON);
    return local(HalfFloat[].class, size, Short.BYTES, array -> Arrays.fill(array, poison));
  }

  private <T> T local(Class<T> type, int size, int elementBytes, Consumer<T> poison) {
    return memory.allocate(allocations++, type, size, elementBytes, poison);
  }

  @Override
  public void asyncCopyToLocal(int[] to, int index, HalfFloatArray from, int fromIndex) {
    requireAligned(fromIndex, 2);
    int low = from.get(fromIndex).getHalfFloatValue() & 0xFFFF;
    int high = from.get(fromIndex + 1).getHalfFloatValue() << 16;
    copy(to, index, low | high);
  }

  @Override
  public void asyncCopyToLocal(int[] to, int index, ByteArray from, int fromIndex) {
    requireAligned(fromIndex, 4);
    int value = 0;
    for (int i = 3; i >= 0; i--) {
      value = value << 8 | from.get(fromIndex + i) & 0xFF;
    }
    copy(to, index, value);
  }

  private static void requireAligned(int index, int elements) {
    if (index < 0 || index % elements != 0) {
      throw new IllegalStateException(
          "asyncCopyToLocal from element %d: 4 bytes are copied, from multiples of %d elements"
              .formatted(index, elements));
    }
  }

  /** What is there meanwhile is unknown. */
  private void copy(int[] to, int index, int value) {
    to[index] = POISON;
    uncommitted.add(new Copy(to, index, value));
  }

  @Override
  public void asyncCopyCommit() {
    committed.addLast(uncommitted);
    uncommitted = new ArrayList<>();
  }

  @Override
  public void asyncCopyWaitGroup(int groups) {
    while (committed.size() > groups) {
      for (Copy copy : committed.removeFirst()) {
        copy.to()[copy.index()] = copy.value();
      }
    }
  }

  @Override
  public HalfFloat[] mmaLoadA(int[] tile, int k) {
    return mmaLoadA(tile, k, 0);
  }

  @Override
  public HalfFloat[] mmaLoadA(int[] tile, int k, int byteOffset) {
    return core.load(TensorCore.Operand.A, thread, tile.length, byteOffset, i -> tile[i]);
  }

  @Override
  public HalfFloat[] mmaLoadB(int[] tile, int k) {
    return mmaLoadB(tile, k, 0);
  }

  @Override
  public HalfFloat[] mmaLoadB(int[] tile, int k, int byteOffset) {
    return core.load(TensorCore.Operand.B, thread, tile.length, byteOffset, i -> tile[i]);
  }

  @Override
  public HalfFloat[] loadA(long[] tile, int byteOffset) {
    return load(TensorCore.Operand.A, tile, byteOffset);
  }

  @Override
  public HalfFloat[] loadB(long[] tile, int byteOffset) {
    return load(TensorCore.Operand.B, tile, byteOffset);
  }

  private HalfFloat[] load(TensorCore.Operand operand, long[] tile, int byteOffset) {
    return core.load(
        operand, thread, 2 * tile.length, byteOffset, i -> (int) (tile[i / 2] >> (32 * (i % 2))));
  }

  @Override
  public float[] mma(HalfFloat[] a, HalfFloat[] b, float[] c, MMAShape shape) {
    return core.multiply("mma", thread, a, b, c, shape, Float::float16ToFloat);
  }

  @Override
  public float[] mmaBF16(HalfFloat[] a, HalfFloat[] b, float[] c, MMAShape shape) {
    return core.multiply(
        "mmaBF16", thread, a, b, c, shape, bits -> Float.intBitsToFloat(bits << 16));
  }

  @Override
  public void mmaStore(float[] fragment, FloatArray c, int row, int column, int columns) {
    core.store(thread, fragment, c, row, column, columns);
  }

  /** As a store, which lanes come to together: the fragment is filled then. */
  @Override
  public float[] sums(float[] fragment) {
    warp.exchange("mmaStore", thread, 0f, values -> values);
    return fragment.clone();
  }

  @Override
  public float simdSum(float value) {
    return warp.exchange("simdSum", thread, value, Warp::sums);
  }

  @Override
  public float simdShuffleDown(float value, int delta) {
    return warp.exchange(
        "simdShuffleDown",
        thread,
        value,
        values -> {
          float[] shifted = values.clone();
          System.arraycopy(values, delta, shifted, 0, Warp.LANES - delta);
          return shifted;
        });
  }

  @Override
  public float simdBroadcastFirst(float value) {
    return warp.exchange(
        "simdBroadcastFirst",
        thread,
        value,
        values -> {
          float[] first = new float[Warp.LANES];
          Arrays.fill(first, values[0]);
          return first;
        });
  }
}
