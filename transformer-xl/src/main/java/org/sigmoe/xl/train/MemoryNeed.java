package org.sigmoe.xl.train;

import java.util.Locale;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.xl.model.EvaluationGraph;
import org.sigmoe.xl.model.StoredVariables;
import org.sigmoe.xl.model.TrainingGraph;

/**
 * Bytes of memory that a training takes, known before any is allocated.
 *
 * @param variables parameters, optimiser state and carried memory
 * @param step working memory of a step
 * @param validation working memory and carried memory of validation
 * @param saving the copy that checkpoints are written from
 */
record MemoryNeed(long variables, long step, long validation, long saving) {

  static MemoryNeed of(
      TrainingVariables variables, TrainingGraph training, EvaluationGraph validation) {
    return new MemoryNeed(
        variables.bytes(),
        BufferPlan.of(training.graph()).bytes(),
        BufferPlan.of(validation.graph()).bytes()
            + StoredVariables.bytes(validation.memory().layers()),
        variables.bytes());
  }

  long total() {
    return variables + step + validation + saving;
  }

  /** All parts, in a sentence. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "Training takes %.2f GiB in all: %.2f for parameters and optimiser, %.2f for a step, %.2f"
            + " for validation, %.2f for saving checkpoints",
        gibibytes(total()),
        gibibytes(variables),
        gibibytes(step),
        gibibytes(validation),
        gibibytes(saving));
  }

  private static double gibibytes(long bytes) {
    return bytes / (double) (1 << 30);
  }
}
