package org.sigmoe.nn.engine.cpu;

/** What is done to a block of sorted rows while it is in the cache, before it is stored. */
interface BlockStage {

  /**
   * Changes rows where they lie.
   *
   * @param first number of the first row among the sorted rows
   * @param count rows
   * @param block address of the rows, floats one row behind the other
   */
  void apply(int first, int count, long block);
}
