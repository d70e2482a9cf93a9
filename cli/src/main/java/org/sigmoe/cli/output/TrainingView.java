package org.sigmoe.cli.output;

import org.sigmoe.xl.train.TrainingListener;

/**
 * Shows a training to someone. Calls: {@link #note} and {@link #on} as things happen, {@link
 * #close} once at the end, however it ends. May be called from several threads, one after the
 * other.
 */
public interface TrainingView extends TrainingListener, AutoCloseable {

  /** Shows a line that is not an event: what is trained, where the run is. */
  void note(String line);

  /** Shows how far something is, until the next line of any kind takes its place. */
  void progress(String line);

  /** Shows what the user should know although it is no error. */
  void warn(String line);

  @Override
  void close();
}
