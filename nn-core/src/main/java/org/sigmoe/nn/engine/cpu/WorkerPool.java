package org.sigmoe.nn.engine.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of threads that run kernels, the calling thread among them. Threads claim chunks one
 * by one; they spin for a moment between kernels and then sleep, so that an idle program costs
 * nothing. Running a kernel allocates nothing.
 */
final class WorkerPool implements AutoCloseable {
  /** Spins before a thread goes to sleep: some tens of microseconds. */
  private static final int SPINS = 2_000;

  private static final int INDEX_BITS = 24;
  private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

  /**
   * Epoch (16 bits), number of chunks and number of the next one to claim (24 bits each) in one
   * word: a claim succeeds only while the kernel that it was meant for runs.
   */
  private final AtomicLong work = new AtomicLong();

  private final AtomicInteger unfinished = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Thread[] helpers;
  private volatile @Nullable Kernel kernel;
  private volatile @Nullable Thread waiting;
  private volatile boolean closed;

  /** A pool of that many threads, the caller's included. */
  WorkerPool(int threads) {
    helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      int worker = i + 1;
      helpers[i] =
          Thread.ofPlatform().daemon().name("sigmoe-cpu-" + worker).unstarted(() -> serve(worker));
    }
    for (Thread helper : helpers) {
      helper.start();
    }
  }

  /** Number of threads, the caller's included. */
  int threads() {
    return helpers.length + 1;
  }

  /** Runs all chunks of a kernel and returns when they are done. One caller at a time. */
  void run(Kernel next) {
    int chunks = next.chunks();
    if (chunks == 1 || helpers.length == 0) {
      for (int chunk = 0; chunk < chunks; chunk++) {
        next.run(chunk, 0);
      }
      return;
    }
    kernel = next;
    waiting = Thread.currentThread();
    unfinished.set(chunks);
    long epoch = (work.get() >>> 2 * INDEX_BITS) + 1;
    work.set(epoch << 2 * INDEX_BITS | (long) chunks << INDEX_BITS);
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
    claim(0);
    for (int spins = 0; unfinished.get() > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
    rethrow();
  }

  private void rethrow() {
    Throwable thrown = failure.getAndSet(null);
    switch (thrown) {
      case null -> {}
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      default -> throw new IllegalStateException(thrown);
    }
  }

  private void serve(int worker) {
    long seen = work.get();
    int spins = 0;
    while (!closed) {
      long now = work.get();
      if (now >>> INDEX_BITS != seen >>> INDEX_BITS && (now & INDEX_MASK) < chunks(now)) {
        claim(worker);
        seen = work.get();
        spins = 0;
      } else if (spins++ < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
        spins = 0;
      }
    }
  }

  private static long chunks(long word) {
    return word >>> INDEX_BITS & INDEX_MASK;
  }

  private void claim(int worker) {
    while (true) {
      long word = work.get();
      int chunk = (int) (word & INDEX_MASK);
      Kernel current = kernel;
      if (chunk >= chunks(word) || current == null) {
        return;
      }
      if (work.compareAndSet(word, word + 1)) {
        runChunk(current, chunk, worker);
      }
    }
  }

  private void runChunk(Kernel current, int chunk, int worker) {
    try {
      current.run(chunk, worker);
    } catch (Throwable thrown) {
      failure.compareAndSet(null, thrown);
    } finally {
      if (unfinished.decrementAndGet() == 0 && worker != 0) {
        LockSupport.unpark(waiting);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
