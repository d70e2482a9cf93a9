package org.sigmoe.xl.data.download;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Ends the reading of a stream on which nothing arrives any more: the client of the JDK waits for
 * ever.
 */
final class SilenceGuard implements Closeable {
  private final InputStream in;
  private final Duration silence;
  private final Thread watcher;
  private volatile long lastRead = System.nanoTime();
  private volatile boolean tooLong;

  SilenceGuard(InputStream in, Duration silence) {
    this.in = in;
    this.silence = silence;
    this.watcher = Thread.ofVirtual().start(this::watch);
  }

  private void watch() {
    try {
      long left = silence.toNanos();
      while (left > 0) {
        Thread.sleep(Duration.ofNanos(left));
        left = silence.toNanos() - (System.nanoTime() - lastRead);
      }
      tooLong = true;
      in.close();
    } catch (InterruptedException | IOException e) {
      // The reading has ended.
    }
  }

  /**
   * Reads some bytes, at least one; negative at the end of the stream.
   *
   * @throws SocketTimeoutException if nothing has arrived for too long
   */
  int read(byte[] buffer) throws IOException {
    try {
      int count = in.read(buffer);
      lastRead = System.nanoTime();
      if (!tooLong) {
        return count;
      }
    } catch (IOException e) {
      if (!tooLong) {
        throw e;
      }
    }
    throw new SocketTimeoutException(
        "nothing has arrived for %d seconds".formatted(silence.toSeconds()));
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
