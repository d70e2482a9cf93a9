package org.sigmoe.bench;

/** A model in training, with the engine that runs it: what the benchmarks time. */
public interface TrainingStep extends AutoCloseable {

  /**
   * Forward, backward, clipping, optimiser update; memory is carried on to the next step.
   *
   * @return mean cross entropy in nats, before the update
   */
  double run(TokenStreams.Batch batch);

  @Override
  void close();
}
