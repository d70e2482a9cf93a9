package org.sigmoe.xl.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * What a trainer needs beside its tensors to go on as if it had never stopped.
 *
 * @param step optimiser steps done
 * @param tokensSeen tokens trained on in these steps; null in a checkpoint of an earlier version,
 *     which did not count them
 * @param data where in the data the next step reads
 * @param dropout where the dropout generator stands
 * @param validationLoss mean validation loss of these weights in nats; null if it was not measured
 *     at this step. It decides which checkpoint is the best one.
 * @param best the best validation so far, this step's included; null before the first
 * @param configFingerprint tells one configuration from another, in whatever way the trainer
 *     chooses
 */
public record TrainingState(
    long step,
    @Nullable Long tokensSeen,
    DataPosition data,
    DropoutPosition dropout,
    @Nullable Double validationLoss,
    @Nullable BestValidation best,
    String configFingerprint) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the step is negative or the validation loss not finite
   */
  public TrainingState {
    if (step < 0) {
      throw new IllegalArgumentException("the step of a checkpoint is negative: " + step);
    }
    if (validationLoss != null) {
      requireFinite(step, validationLoss);
    }
  }

  private static void requireFinite(long step, double loss) {
    if (!Double.isFinite(loss)) {
      throw new IllegalArgumentException(
          "the validation loss of step " + step + " is not a finite number: " + loss);
    }
  }

  /**
   * A place in the training data.
   *
   * @param epoch how often the data was read to its end
   * @param block the next block of every stream, from 0
   */
  public record DataPosition(long epoch, long block) {}

  /**
   * The state of the counter-based dropout generator.
   *
   * @param seed its key
   * @param counter its counter for the next step
   */
  public record DropoutPosition(long seed, long counter) {}

  /**
   * The lowest validation loss.
   *
   * @param step the step that had it
   * @param loss its value in nats
   */
  public record BestValidation(long step, double loss) {
    /**
     * Checks the loss.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public BestValidation {
      requireFinite(step, loss);
    }
  }
}
