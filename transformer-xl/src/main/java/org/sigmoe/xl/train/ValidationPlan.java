package org.sigmoe.xl.train;

/**
 * When and on how much text a run validates. It also does after its last step.
 *
 * @param everySteps steps from one validation to the next, at least 1
 * @param maxTokens how many tokens of the validation text at most, at least 1; they are spread
 *     evenly over it, and are the same every time. {@link Long#MAX_VALUE} for all.
 */
public record ValidationPlan(long everySteps, long maxTokens) {

  /** Checks the ranges. */
  public ValidationPlan {
    TrainingConfig.requireAtLeast(1, "validation everySteps", everySteps);
    TrainingConfig.requireAtLeast(1, "validation maxTokens", maxTokens);
  }
}
