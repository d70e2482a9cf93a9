package org.sigmoe.nn.engine.cpu;

/** How products of slots, rows of scratch memory, are added up for a row of the result. */
sealed interface SlotSums permits FloatSlotSums, Bf16SlotSums {

  /** Bytes of an element of the products. */
  int elementBytes();

  /** Bytes behind the last product that are read, whatever is there. */
  int readBehind();

  /**
   * target = sum + the weighted sum of four products.
   *
   * @param sum address of floats, which may be the target
   * @param places address of the four products' addresses
   * @param width elements of a row
   */
  void addFour(
      long sum,
      long places,
      float weight0,
      float weight1,
      float weight2,
      float weight3,
      long target,
      int width);

  /** The same of one product. */
  void addOne(long sum, long place, float weight, long target, int width);
}
