package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getLong;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.sigmoe.nn.engine.cpu.gemm.Bf16;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/** Products in bf16. */
final class Bf16SlotSums implements SlotSums {
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(Lanes.INTS.vectorBitSize() / 2));

  @Override
  public int elementBytes() {
    return Bf16.BYTES;
  }

  @Override
  public int readBehind() {
    return Bf16.BYTES * Lanes.COUNT;
  }

  /**
   * The elements at an address. A method of its own beside those of {@link Bf16}: with one for both
   * one of the callers was slow, presumably because the compiler did not inline it there. What is
   * extended by its sign is shifted out.
   */
  private static FloatVector wide(long address) {
    ShortVector bits =
        ShortVector.fromMemorySegment(SHORTS, NativeMemory.ALL, address, NativeMemory.ORDER);
    IntVector low = (IntVector) bits.convertShape(VectorOperators.S2I, Lanes.INTS, 0);
    return low.lanewise(VectorOperators.LSHL, 16).viewAsFloatingLanes();
  }

  @Override
  public void addFour(
      long sum,
      long places,
      float weight0,
      float weight1,
      float weight2,
      float weight3,
      long target,
      int width) {
    VectorMask<Float> rest = Lanes.rest(width);
    long product0 = getLong(places);
    long product1 = getLong(places + 8);
    long product2 = getLong(places + 16);
    long product3 = getLong(places + 24);
    for (int c = 0; c < width; c += Lanes.COUNT) {
      int left = width - c;
      long at = 2L * c;
      FloatVector value = Lanes.load(sum + 4L * c, left, rest);
      value = wide(product0 + at).fma(Lanes.all(weight0), value);
      value = wide(product1 + at).fma(Lanes.all(weight1), value);
      value = wide(product2 + at).fma(Lanes.all(weight2), value);
      value = wide(product3 + at).fma(Lanes.all(weight3), value);
      Lanes.store(value, target + 4L * c, left, rest);
    }
  }

  @Override
  public void addOne(long sum, long place, float weight, long target, int width) {
    VectorMask<Float> rest = Lanes.rest(width);
    long product = getLong(place);
    FloatVector factor = Lanes.all(weight);
    for (int c = 0; c < width; c += Lanes.COUNT) {
      int left = width - c;
      FloatVector value = Lanes.load(sum + 4L * c, left, rest);
      value = wide(product + 2L * c).fma(factor, value);
      Lanes.store(value, target + 4L * c, left, rest);
    }
  }
}
