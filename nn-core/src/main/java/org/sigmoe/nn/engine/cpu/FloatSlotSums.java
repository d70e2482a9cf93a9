package org.sigmoe.nn.engine.cpu;

import static org.sigmoe.nn.engine.cpu.gemm.NativeMemory.getLong;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Products in f32. */
final class FloatSlotSums implements SlotSums {
  @Override
  public int elementBytes() {
    return Float.BYTES;
  }

  @Override
  public int readBehind() {
    return 0;
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
      long at = 4L * c;
      FloatVector value = Lanes.load(sum + at, left, rest);
      value = Lanes.load(product0 + at, left, rest).fma(Lanes.all(weight0), value);
      value = Lanes.load(product1 + at, left, rest).fma(Lanes.all(weight1), value);
      value = Lanes.load(product2 + at, left, rest).fma(Lanes.all(weight2), value);
      value = Lanes.load(product3 + at, left, rest).fma(Lanes.all(weight3), value);
      Lanes.store(value, target + at, left, rest);
    }
  }

  @Override
  public void addOne(long sum, long place, float weight, long target, int width) {
    VectorMask<Float> rest = Lanes.rest(width);
    long product = getLong(place);
    FloatVector factor = Lanes.all(weight);
    for (int c = 0; c < width; c += Lanes.COUNT) {
      int left = width - c;
      long at = 4L * c;
      FloatVector value = Lanes.load(sum + at, left, rest);
      value = Lanes.load(product + at, left, rest).fma(factor, value);
      Lanes.store(value, target + at, left, rest);
    }
  }
}
