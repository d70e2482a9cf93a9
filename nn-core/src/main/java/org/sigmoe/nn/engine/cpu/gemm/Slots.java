package org.sigmoe.nn.engine.cpu.gemm;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Scratch objects lent to the threads that run at the same time: as many are made as are ever in
 * use at once (up to a bound on those kept), lending allocates nothing once they exist, and unlike
 * thread-locals all of them can be freed from one place.
 */
final class Slots<T> implements AutoCloseable {
  private static final int KEPT = 256;

  private final AtomicReferenceArray<T> free = new AtomicReferenceArray<>(KEPT);
  private final Supplier<T> make;
  private final Consumer<T> dispose;

  Slots(Supplier<T> make, Consumer<T> dispose) {
    this.make = make;
    this.dispose = dispose;
  }

  /** An object that nobody else holds until it is given back. */
  T take() {
    // Returned objects fill the lowest empty slot, so the search ends early in practice.
    for (int i = 0; i < KEPT; i++) {
      if (free.getPlain(i) != null) {
        T held = free.getAndSet(i, null);
        if (held != null) {
          return held;
        }
      }
    }
    return make.get();
  }

  void giveBack(T held) {
    for (int i = 0; i < KEPT; i++) {
      if (free.getPlain(i) == null && free.compareAndSet(i, null, held)) {
        return;
      }
    }
    dispose.accept(held);
  }

  /** Disposes of every object not on loan. */
  @Override
  public void close() {
    for (int i = 0; i < KEPT; i++) {
      T held = free.getAndSet(i, null);
      if (held != null) {
        dispose.accept(held);
      }
    }
  }
}
