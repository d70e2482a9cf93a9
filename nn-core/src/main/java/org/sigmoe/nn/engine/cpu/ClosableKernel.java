package org.sigmoe.nn.engine.cpu;

/** A kernel that holds plans of products, which live outside of the Java heap. */
interface ClosableKernel extends Kernel, AutoCloseable {
  @Override
  void close();
}
