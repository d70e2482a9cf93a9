package org.sigmoe.xl.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sigmoe.xl.analysis.ModelAnalysis;
import org.sigmoe.xl.metrics.Metric;

/**
 * Looks for signs that a training goes wrong before it is lost: spikes of loss and gradient in what
 * is reported ({@link SpikeWatch}), and experts that collapse ({@link ExpertWatch}). It changes
 * nothing in the training.
 */
final class EarlyWarnings {
  /** A loss this much above the usual one is more than the noise of a small batch. */
  private static final double LOSS_FACTOR = 1.05;

  /** With batches of few tokens, norms of gradients jump to six times the usual one and back. */
  private static final double GRADIENT_FACTOR = 10;

  private final SpikeWatch loss = new SpikeWatch(LOSS_FACTOR);
  private final SpikeWatch gradientNorm = new SpikeWatch(GRADIENT_FACTOR);
  private final ExpertWatch experts = new ExpertWatch();

  /** Takes note of what was reported before the run was resumed. */
  static EarlyWarnings after(RunMetrics before) throws IOException {
    EarlyWarnings warnings = new EarlyWarnings();
    before.series(Metric.LOSS).last(SpikeWatch.WINDOW).forEach(warnings.loss::add);
    before.series(Metric.GRADIENT_NORM).last(SpikeWatch.WINDOW).forEach(warnings.gradientNorm::add);
    return warnings;
  }

  /** What is to be said of a step that is reported. */
  List<String> ofStep(long step, double lossOfStep, double normOfStep) {
    List<String> warnings = new ArrayList<>();
    loss.next(lossOfStep)
        .ifPresent(
            spike ->
                warnings.add(
                    text("loss", step, spike)
                        + ". If it does not fall again, go on from a checkpoint before it, with a"
                        + " lower learning rate"));
    gradientNorm
        .next(normOfStep)
        .ifPresent(
            spike ->
                warnings.add(
                    text("gradient norm", step, spike)
                        + ". Clipping (optimiser.maxNorm) bounds what one such step can do"));
    return warnings;
  }

  /** What is to be said of a validation. */
  Optional<String> ofValidation(long step, ModelAnalysis analysis) {
    return experts.collapse(step, analysis);
  }

  private static String text(String what, long step, SpikeWatch.Spike spike) {
    return String.format(
        Locale.ROOT,
        "The %s of step %,d is %.4g, %.3g times the median of the reports before it (%.4g): a spike",
        what,
        step,
        spike.value(),
        spike.factor(),
        spike.median());
  }
}
