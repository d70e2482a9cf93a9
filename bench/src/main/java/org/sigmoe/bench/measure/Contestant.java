package org.sigmoe.bench.measure;

/** Who does a work, ready to do it again and again: what is timed. */
interface Contestant extends AutoCloseable {

  /** Does the work once, with other data than the last time, and returns when it is done. */
  void run();

  @Override
  void close();
}
