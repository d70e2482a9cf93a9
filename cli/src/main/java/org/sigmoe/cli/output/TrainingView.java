package org.sigmoe.cli.output;

import org.sigmoe.xl.train.TrainingListener;

/** Shows a training to someone. */
public interface TrainingView extends TrainingListener {

  /** Shows a line that is not an event: what is trained, where the run is. */
  void note(String line);

  /** Shows how far something is, until the next line of any kind takes its place. */
  void progress(String line);

  /** Shows what the user should know although it is no error. */
  void warn(String line);

  /** Training is over, however it ended: what is shown stays, and notes may follow. */
  void end();
}
