package org.sigmoe.xl.metrics;

import java.io.Closeable;
import java.io.IOException;

/** Takes what a run measured, in the order of its steps. */
public interface MetricsSink extends Closeable {

  /**
   * Writes a record so that it survives the end of this process, however it ends.
   *
   * @throws IOException if it could not be written; the message names the file, and what was
   *     written before is intact
   * @throws IllegalArgumentException if the step is smaller than that of the record before
   */
  void write(Metrics metrics) throws IOException;

  /**
   * Returns once all records have reached the device. To be called before a checkpoint is saved, so
   * that no record up to it can be missing after a power failure.
   */
  void force() throws IOException;
}
