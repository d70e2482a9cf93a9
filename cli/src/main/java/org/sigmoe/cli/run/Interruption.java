package org.sigmoe.cli.run;

import java.util.concurrent.CountDownLatch;
import org.sigmoe.xl.train.StopSignal;

/**
 * Ends a training well when the process is asked to end (Ctrl-C, SIGTERM): the training is asked to
 * stop, and the process waits until it has saved and {@link #close} is called. Before {@link #arm}
 * there is nothing to save, and the process ends at once.
 */
public final class Interruption implements AutoCloseable {
  private final StopSignal stop = new StopSignal();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Runnable announce;
  private final Runnable end;
  private final Thread hook = new Thread(this::interrupted, "interruption");
  private boolean armed;

  /**
   * An interruption that nothing triggers yet.
   *
   * @param announce tells the user that the training is being ended
   * @param end ends the process, with the exit code of an interruption
   */
  Interruption(Runnable announce, Runnable end) {
    this.announce = announce;
    this.end = end;
  }

  /**
   * Takes over what happens when the process is asked to end.
   *
   * @param announce tells the user that the training is being ended; called once, by another thread
   * @param exitCode of the process then
   */
  public static Interruption install(Runnable announce, int exitCode) {
    Interruption interruption =
        new Interruption(announce, () -> Runtime.getRuntime().halt(exitCode));
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** What asks the training to stop. */
  public StopSignal stop() {
    return stop;
  }

  /** From now on there is something to save. */
  public synchronized void arm() {
    armed = true;
  }

  /** What the hook does. */
  void interrupted() {
    boolean wait;
    synchronized (this) {
      wait = armed;
      stop.request();
    }
    if (wait) {
      announce.run();
      awaitFinished();
    }
    end.run();
  }

  private void awaitFinished() {
    boolean interrupted = true;
    while (interrupted) {
      try {
        finished.await();
        interrupted = false;
      } catch (InterruptedException _) {
        // Nothing but the end of the training ends the wait: a checkpoint may be half written.
      }
    }
  }

  /** The training has ended and all is said. */
  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is ending: the hook runs, and ends it.
    }
  }
}
