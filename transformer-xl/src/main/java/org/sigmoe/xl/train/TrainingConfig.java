package org.sigmoe.xl.train;

import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.LearningRateSchedule;
import org.sigmoe.xl.model.Batch;
import org.sigmoe.xl.model.ModelConfig;

/**
 * What a run trains and how. Every check names the key that a user may have written.
 *
 * @param model the model, with the vocabulary of the data
 * @param batch B, streams that are read side by side, and in how many micro-batches a step
 *     processes them
 * @param steps how many steps to train, at least 1
 * @param optimiser with its clipping of gradients
 * @param learningRate the learning rate of each step
 * @param seed of initial parameters and dropout
 * @param validation when and on how much to validate
 * @param checkpoints when to save and what to keep
 * @param logEvery steps from one report and record of metrics to the next, at least 1. Only then
 *     does the loss come back from the engine, so a small number may slow down a GPU.
 * @param resetMemoryEvery segments after which training begins again with an empty memory, so that
 *     the model also learns to begin a text, as it must to continue a short prompt; 0 for never
 *     within an epoch, as published runs do
 */
public record TrainingConfig(
    ModelConfig model,
    Batch batch,
    long steps,
    AdamW optimiser,
    LearningRateSchedule learningRate,
    long seed,
    ValidationPlan validation,
    CheckpointPlan checkpoints,
    long logEvery,
    long resetMemoryEvery) {

  /** Checks the ranges. */
  public TrainingConfig {
    requireAtLeast(1, "steps", steps);
    requireAtLeast(1, "logEvery", logEvery);
    requireAtLeast(0, "resetMemoryEvery", resetMemoryEvery);
  }

  /** B*T, tokens that one step trains on. */
  public long tokensPerStep() {
    return (long) batch.streams() * model.context();
  }

  static void requireAtLeast(long least, String key, long value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s: must be at least %d, got %d".formatted(key, least, value));
    }
  }
}
