package org.sigmoe.tornado.kernel.emulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The threads of one work group. Each has a virtual thread of its own, but only one runs at a time:
 * it goes on until it must wait, and hands over. What threads share therefore needs no locks: the
 * hand-over orders everything.
 */
final class WorkGroup {
  private enum State {
    READY,
    AT_BARRIER,
    AT_WARP,
    ENDED
  }

  private final int number;
  private final State[] states;
  private final Thread[] threads;
  private final int[] order;
  private final Random random;
  private final CountDownLatch ended;
  private final List<Warp> warps = new ArrayList<>();
  private volatile int barriers;
  private volatile int running;
  private volatile @Nullable Throwable failure;

  WorkGroup(int number, int size) {
    this.number = number;
    states = new State[size];
    threads = new Thread[size];
    order = IntStream.range(0, size).toArray();
    random = new Random(number);
    ended = new CountDownLatch(size);
    Arrays.fill(states, State.READY);
  }

  int number() {
    return number;
  }

  /** Lets the group see to it that a warp has no unfinished business at a barrier. */
  void add(Warp warp) {
    warps.add(warp);
  }

  /** Runs the body once for each thread; returns when all have ended. */
  void run(IntConsumer body, Duration patience) {
    for (int i = 0; i < threads.length; i++) {
      int thread = i;
      threads[i] =
          Thread.ofVirtual()
              .name("thread " + thread + " of group " + number)
              .unstarted(() -> live(thread, body));
    }
    shuffle();
    running = order[0];
    for (Thread thread : threads) {
      thread.start();
    }
    await(patience);
    if (failure != null) {
      throw new IllegalStateException("group " + number + ": " + failure.getMessage(), failure);
    }
  }

  private void await(Duration patience) {
    try {
      int before = -1;
      while (!ended.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        if (barriers == before) {
          IllegalStateException stuck =
              new IllegalStateException(
                  "thread %d has come to no barrier and no end for %s"
                      .formatted(running, patience));
          stuck.setStackTrace(threads[running].getStackTrace());
          fail(stuck);
          return;
        }
        before = barriers;
      }
    } catch (InterruptedException e) {
      fail(e);
      Thread.currentThread().interrupt();
    }
  }

  private void live(int thread, IntConsumer body) {
    try {
      awaitTurn(thread);
      body.accept(thread);
      states[thread] = State.ENDED;
      handOver();
    } catch (Abandoned e) {
      // Another thread failed.
    } catch (Throwable e) {
      fail(new IllegalStateException("thread " + thread + ": " + e, e));
    } finally {
      ended.countDown();
    }
  }

  /** Returns when all threads of the group have come here. */
  void barrier(int thread) {
    pause(thread, State.AT_BARRIER);
  }

  /** Returns after {@link #wake}, the last lane of the warp having come. */
  void awaitWarp(int thread) {
    pause(thread, State.AT_WARP);
  }

  void wake(int thread) {
    states[thread] = State.READY;
  }

  private void pause(int thread, State state) {
    states[thread] = state;
    handOver();
    awaitTurn(thread);
  }

  private void handOver() {
    int next = next();
    if (next < 0) {
      releaseBarrier();
      next = next();
    }
    if (next >= 0) {
      running = next;
      LockSupport.unpark(threads[next]);
    }
  }

  /** The next that can run, or -1. */
  private int next() {
    for (int thread : order) {
      if (states[thread] == State.READY) {
        return thread;
      }
    }
    return -1;
  }

  /** Nobody can run: all have ended, all are at the barrier, or they never will be. */
  private void releaseBarrier() {
    warps.forEach(Warp::requireNothingOpen);
    if (Arrays.stream(states).distinct().count() > 1) {
      throw new IllegalStateException(
          "threads part ways after %d barriers: %s".formatted(barriers, whereThreadsAre()));
    }
    if (states[0] == State.AT_BARRIER) {
      barriers++;
      Arrays.fill(states, State.READY);
      shuffle();
    }
  }

  private String whereThreadsAre() {
    return IntStream.range(0, states.length)
        .boxed()
        .collect(Collectors.groupingBy(thread -> states[thread]))
        .entrySet()
        .stream()
        .map(e -> "%s are %s".formatted(e.getValue(), e.getKey()))
        .sorted()
        .collect(Collectors.joining("; "));
  }

  private void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  private void awaitTurn(int thread) {
    while (running != thread) {
      requireNoFailure();
      LockSupport.park(this);
    }
    requireNoFailure();
  }

  private void requireNoFailure() {
    if (failure != null) {
      throw new Abandoned();
    }
  }

  private void fail(Throwable cause) {
    failure = cause;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }

  /** Ends a thread when another has failed. */
  private static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Abandoned() {
      super(null, null, false, false);
    }
  }
}
