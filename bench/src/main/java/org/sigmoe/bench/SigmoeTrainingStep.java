package org.sigmoe.bench;

/** The training step by Sigmoe's CPU engine. */
public class SigmoeTrainingStep extends TrainingStepBenchmark {

  @Override
  protected TrainingStep open(ModelShape shape, Precision precision, int threads) {
    return new SigmoeTransformerXl(shape, Training.of(precision), threads);
  }
}
