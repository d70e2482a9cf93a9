package org.sigmoe.nn.engine.cpu;

/** What is done to a block of sorted rows while it is in the cache, before it is stored. */
interface BlockStage {

  /** Floats of scratch memory that this needs. */
  int scratchFloats();

  /**
   * Changes rows where they lie.
   *
   * @param first number of the first row among the sorted rows
   * @param count rows, at most {@link RowPlans#MOST}
   * @param block address of the rows, floats one row behind the other
   * @param scratch address of scratch memory
   */
  void apply(int first, int count, long block, long scratch);
}
