package org.sigmoe.xl.train;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.sigmoe.xl.analysis.LayerAnalysis;
import org.sigmoe.xl.analysis.ModelAnalysis;
import org.sigmoe.xl.analysis.Use;
import org.sigmoe.xl.metrics.Metric;
import org.sigmoe.xl.metrics.Metrics;

/**
 * Measures at each validation how the experts of mixtures are used by the text that is held out,
 * and finds layers in which they collapse: in which few do all the work, as with some routers of
 * the paper (Csordas et al. 2023, figures 3 and 7).
 *
 * <p>The measures are those of the paper's code: relative perplexity, and the share of experts that
 * were never selected. A layer of E experts, of which each token selects K, has collapsed if at
 * least half of the experts are never selected; or if the experts are used as unevenly as if there
 * were only K + {@value #LEAST_EVENNESS} * (E - K) of them, where K is as few as there can be when
 * the same are selected for every token. Nothing is said of a text with fewer than {@value
 * #SELECTIONS} selections for each expert.
 */
final class ExpertWatch {
  static final double LEAST_EVENNESS = 0.15;
  static final double MOST_DEAD = 0.5;
  static final long SELECTIONS = 100;
  private static final int NAMED_LAYERS = 3;

  private final Set<String> told = new HashSet<>();

  /** A record with two metrics more for each mixture of experts. */
  static Metrics add(Metrics metrics, ModelAnalysis analysis) {
    Metrics record = metrics;
    for (LayerAnalysis layer : analysis.layers()) {
      if (layer.experts().isPresent()) {
        Use use = layer.experts().get().use();
        String prefix = "experts/layer" + number(layer) + "/";
        record =
            record
                .with(
                    new Metric(prefix + "relativePerplexity", prefix + "relative_perplexity"),
                    use.relativePerplexity())
                .with(new Metric(prefix + "deadShare", prefix + "dead_share"), deadShare(use));
      }
    }
    return record;
  }

  /**
   * Looks for layers that have collapsed and were not when it last looked.
   *
   * @return what to tell the user; empty if there are none
   */
  Optional<String> collapse(long step, ModelAnalysis analysis) {
    List<LayerAnalysis> collapsed =
        analysis.layers().stream()
            .filter(layer -> collapsed(layer, analysis.result().tokens()))
            .toList();
    boolean anyNew = collapsed.stream().anyMatch(layer -> !told.contains(layer.name()));
    told.clear();
    collapsed.forEach(layer -> told.add(layer.name()));
    return anyNew ? Optional.of(text(step, collapsed)) : Optional.empty();
  }

  private static boolean collapsed(LayerAnalysis layer, long tokens) {
    if (layer.experts().isEmpty()) {
      return false;
    }
    Use use = layer.experts().get().use();
    int free = use.choices() - use.perToken();
    if (free <= 0 || tokens * use.perToken() < SELECTIONS * use.choices()) {
      return false;
    }
    double asMany = use.relativePerplexity() * use.choices();
    return deadShare(use) >= MOST_DEAD || asMany < use.perToken() + LEAST_EVENNESS * free;
  }

  private static String text(long step, List<LayerAnalysis> collapsed) {
    List<String> layers = new ArrayList<>();
    for (LayerAnalysis layer : collapsed.subList(0, Math.min(NAMED_LAYERS, collapsed.size()))) {
      Use use = layer.experts().orElseThrow().use();
      layers.add(
          String.format(
              Locale.ROOT,
              "layer %s uses its %d experts as if they were %.1f, and %d of them never",
              number(layer),
              use.choices(),
              use.relativePerplexity() * use.choices(),
              use.unused()));
    }
    String more =
        collapsed.size() > NAMED_LAYERS
            ? "; so do %d layers more".formatted(collapsed.size() - NAMED_LAYERS)
            : "";
    return ("Experts have collapsed by step %,d: %s%s. What the others hold is lost to the model;"
            + " a stronger balance (see the family's options) or a lower learning rate may help")
        .formatted(step, String.join("; ", layers), more);
  }

  private static double deadShare(Use use) {
    return 1 - use.usedShare();
  }

  /** The number in a name as {@code layers.3.feed_forward}. */
  private static String number(LayerAnalysis layer) {
    return layer.name().replaceAll("\\D+", "");
  }
}
