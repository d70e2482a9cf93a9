package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.ALL;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.sigmoe.nn.graph.op.DropoutMask;

/** {@link DropoutMask} on vectors. */
final class Dropper {
  private static final IntVector LANE = IntVector.zero(Lanes.INTS).addIndex(1);

  private final long key;
  private final int site;
  private final int threshold;
  private final float scale;

  /**
   * The masks of one site.
   *
   * @param key address of seed and step
   * @param scale what kept elements are multiplied by
   */
  Dropper(long key, int site, float rate, float scale) {
    this.key = key;
    this.site = site;
    this.threshold = DropoutMask.threshold(rate);
    this.scale = scale;
  }

  /** First word of the key for the seed and step that are now at the key's address. */
  int key1() {
    return DropoutMask.key1(seed(), step(), site);
  }

  /** Second word of the key. */
  int key2() {
    return DropoutMask.key2(seed(), step(), site);
  }

  private int seed() {
    return ALL.get(ValueLayout.JAVA_INT, key);
  }

  private int step() {
    return ALL.get(ValueLayout.JAVA_INT, key + Integer.BYTES);
  }

  /** x scaled where kept, else 0; lane l stands for element {@code index + l}. */
  FloatVector apply(FloatVector x, int index, int key1, int key2) {
    IntVector h = LANE.add(index + key1);
    h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
    h = h.mul(DropoutMask.MULTIPLIER_1);
    h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 15));
    h = h.add(key2).mul(DropoutMask.MULTIPLIER_2);
    h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
    VectorMask<Float> kept =
        h.lanewise(VectorOperators.LSHR, 8)
            .compare(VectorOperators.GE, threshold)
            .cast(Lanes.FLOATS);
    return Lanes.all(0f).blend(x.mul(scale), kept);
  }

  /** Drops in place: the float at an address stands for element {@code index}, and so on. */
  void apply(long address, int index, int floats) {
    int key1 = key1();
    int key2 = key2();
    VectorMask<Float> rest = Lanes.rest(floats);
    for (int i = 0; i < floats; i += Lanes.COUNT) {
      int left = floats - i;
      FloatVector x = Lanes.load(address + 4L * i, left, rest);
      Lanes.store(apply(x, index + i, key1, key2), address + 4L * i, left, rest);
    }
  }
}
