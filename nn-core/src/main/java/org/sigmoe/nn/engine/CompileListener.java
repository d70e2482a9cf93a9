package org.sigmoe.nn.engine;

/** Is told how far an engine is with compiling a graph, where that takes time. */
@FunctionalInterface
public interface CompileListener {
  /** Tells nobody. */
  CompileListener NONE = (done, all) -> {};

  /**
   * So much is compiled. The last call has {@code done == all}.
   *
   * @param done kernels compiled
   * @param all kernels to compile
   */
  void compiled(int done, int all);
}
