package org.sigmoe.cli.config;

import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.xl.model.Batch;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.train.CheckpointPlan;
import org.sigmoe.xl.train.TrainingConfig;
import org.sigmoe.xl.train.ValidationPlan;

/**
 * Everything that the configuration of a run says. Its components, and theirs, are the keys.
 *
 * @param model the sizes of the model
 * @param batch streams that are read side by side
 * @param accumulate in how many micro-batches a step processes its batch, adding up their gradients
 * @param steps how many steps to train
 * @param seed of initial parameters and dropout
 * @param logEvery steps from one report to the next
 * @param resetMemoryEvery segments from one empty memory to the next, 0 for none
 * @param optimiser with its clipping of gradients
 * @param learningRate the learning rate of each step
 * @param validation when and on how much to validate
 * @param checkpoints when to save and what to keep
 * @param data what to learn from
 * @param engine what runs the model
 */
public record RunConfig(
    ModelConfig model,
    int batch,
    int accumulate,
    long steps,
    long seed,
    long logEvery,
    long resetMemoryEvery,
    AdamW optimiser,
    LearningRateConfig learningRate,
    ValidationPlan validation,
    CheckpointPlan checkpoints,
    DataConfig data,
    EngineConfig engine) {

  /** Checks what depends on more than one group. */
  public RunConfig(
      ModelConfig model,
      int batch,
      int accumulate,
      long steps,
      long seed,
      long logEvery,
      long resetMemoryEvery,
      AdamW optimiser,
      LearningRateConfig learningRate,
      ValidationPlan validation,
      CheckpointPlan checkpoints,
      DataConfig data,
      EngineConfig engine) {
    Ranges.requireAtLeast(1, "steps", steps);
    this.model = model;
    this.batch = batch;
    this.accumulate = accumulate;
    this.steps = steps;
    this.seed = seed;
    this.logEvery = logEvery;
    this.resetMemoryEvery = resetMemoryEvery;
    this.optimiser = optimiser;
    this.learningRate = learningRate;
    this.validation = validation;
    this.checkpoints = checkpoints;
    this.data = data;
    this.engine = engine;
    training();
  }

  /** The streams of a step, and in how many parts they are processed. */
  public Batch streams() {
    return new Batch(batch, accumulate);
  }

  /** What the trainer needs. */
  public TrainingConfig training() {
    return new TrainingConfig(
        model,
        streams(),
        steps,
        optimiser,
        learningRate.schedule(steps),
        seed,
        validation,
        checkpoints,
        logEvery,
        resetMemoryEvery);
  }
}
