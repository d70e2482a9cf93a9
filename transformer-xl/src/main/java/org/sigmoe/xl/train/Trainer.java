package org.sigmoe.xl.train;

import java.io.IOException;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.xl.checkpoint.RunDirectory;
import org.sigmoe.xl.data.Corpus;

/**
 * Trains a model.
 *
 * <pre>{@code
 * StopSignal stop = new StopSignal();
 * try (Corpus corpus = Corpus.open(source, options);
 *     Engine engine = Engines.open("cpu", EngineOptions.defaults());
 *     Trainer trainer = Trainer.prepare(config, corpus, engine);
 *     RunDirectory run = RunDirectory.create(folder, yaml, config.checkpoints().retention())) {
 *   TrainingOutcome outcome = trainer.start(run, listener, stop);
 * }
 * }</pre>
 *
 * <p>{@link #prepare} finds what can be found before a run is begun (too little data or memory) and
 * touches no file. Then one call of {@link #start} or {@link #resume} does all the rest. Not safe
 * for use by several threads, but for the {@link StopSignal}.
 */
public final class Trainer implements AutoCloseable {

  private Trainer() {}

  /**
   * Builds and compiles the graphs of a training.
   *
   * @param config what to train
   * @param corpus with a train and a valid split; stays open as long as the trainer
   * @param engine stays open as long as the trainer
   * @throws org.sigmoe.xl.data.DataException if a split is too small for one batch
   * @throws org.sigmoe.nn.engine.EngineException if there is not enough memory; says how much is
   *     needed
   */
  public static Trainer prepare(TrainingConfig config, Corpus corpus, Engine engine) {
    throw new UnsupportedOperationException();
  }

  /** Number of parameters of the model. */
  public long parameters() {
    throw new UnsupportedOperationException();
  }

  /** Bytes of memory that the training takes on the engine and for saving. */
  public long memoryBytes() {
    throw new UnsupportedOperationException();
  }

  /**
   * Trains from the first step.
   *
   * @param run a folder just made
   * @param stop ends it early, with a checkpoint
   * @throws DivergedException if the loss is no longer a finite number
   * @throws org.sigmoe.nn.checkpoint.CheckpointException if a checkpoint cannot be saved; those
   *     saved before are as they were
   * @throws IOException if metrics cannot be written
   */
  public TrainingOutcome start(RunDirectory run, TrainingListener listener, StopSignal stop)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Goes on from the newest checkpoint of a run that is whole; from the first step if it has none.
   * All that follows is what it would have been had the run not ended.
   *
   * @param run a folder just opened
   * @param stop ends it early, with a checkpoint
   * @throws DivergedException if the loss is no longer a finite number
   * @throws org.sigmoe.xl.data.DataException if the data is not what the run began with
   * @throws org.sigmoe.nn.checkpoint.CheckpointException if the newest checkpoint is of another
   *     model (says which tensor differs), if none is whole, or if one cannot be saved
   * @throws IOException if metrics cannot be read or written
   */
  public TrainingOutcome resume(RunDirectory run, TrainingListener listener, StopSignal stop)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
