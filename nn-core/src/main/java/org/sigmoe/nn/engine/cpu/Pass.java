package org.sigmoe.nn.engine.cpu;

/**
 * A part of a kernel that goes over a whole chunk before the next part does.
 *
 * <p>The compiler inlines what a method calls until the method has grown too large, and a call that
 * it then leaves and that takes or gives vectors makes objects on the heap, at each step of a loop.
 * A kernel whose loops are together too large (see {@link Lanes}) is therefore cut into three or
 * more passes: where so many meet in one call the compiler does not inline.
 */
interface Pass {

  /** Does its part of a chunk. */
  void run(int chunk, int worker);

  /** Runs all passes of a kernel. */
  static void all(Pass[] passes, int chunk, int worker) {
    for (Pass pass : passes) {
      pass.run(chunk, worker);
    }
  }
}
