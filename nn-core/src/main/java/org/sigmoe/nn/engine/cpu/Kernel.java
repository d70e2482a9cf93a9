package org.sigmoe.nn.engine.cpu;

/** A piece of a program: independent chunks of work on fixed addresses. */
interface Kernel {

  /** Number of chunks, at least 1. */
  int chunks();

  /**
   * Does one chunk.
   *
   * @param chunk in [0, chunks())
   * @param worker the thread that runs it, in [0, threads): an index for scratch memory
   */
  void run(int chunk, int worker);
}
