package org.sigmoe.xl.analysis;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.Observation;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.xl.eval.BatchObserver;

/** What is counted of one feed-forward block. */
final class LayerTally {
  private final String name;
  private final Map<Observed, Value> values = new EnumMap<>(Observed.class);
  private final @Nullable UnitTally units;
  private final @Nullable SelectionTally experts;
  private final @Nullable PairTally pairs;
  private final @Nullable SelectionTally keys;

  /**
   * Nothing counted yet.
   *
   * @param name of the block
   * @param observations all that it offers
   * @param tokens B * T, of a batch
   * @throws IllegalArgumentException if it offers numbers without their weights
   */
  LayerTally(String name, List<Observation> observations, long tokens) {
    this.name = name;
    observations.forEach(observation -> values.put(observation.what(), observation.value()));
    requireTogether(Observed.EXPERTS, Observed.EXPERT_WEIGHTS);
    requireTogether(Observed.KEYS, Observed.KEY_WEIGHTS);
    this.units =
        of(
            observations,
            Observed.UNITS,
            observation -> new UnitTally(observation.value().shape().columns()));
    this.experts =
        of(
            observations,
            Observed.EXPERTS,
            o -> new SelectionTally(o.choices(), perToken(o, tokens)));
    this.pairs =
        of(observations, Observed.EXPERTS, o -> new PairTally(o.choices(), perToken(o, tokens)));
    this.keys =
        of(observations, Observed.KEYS, o -> new SelectionTally(o.choices(), perToken(o, tokens)));
  }

  private void requireTogether(Observed numbers, Observed weights) {
    if (values.containsKey(numbers) != values.containsKey(weights)) {
      throw new IllegalArgumentException(
          "%s offers one of %s and %s without the other".formatted(name, numbers, weights));
    }
  }

  private static <T> @Nullable T of(
      List<Observation> observations, Observed what, Function<Observation, T> tally) {
    return observations.stream()
        .filter(observation -> observation.what() == what)
        .findFirst()
        .map(tally)
        .orElse(null);
  }

  private static int perToken(Observation observation, long tokens) {
    return Math.toIntExact(observation.value().shape().elements() / tokens);
  }

  /** Counts a batch. */
  void add(BatchObserver.Contents contents) {
    if (units != null) {
      units.add(contents.of(value(Observed.UNITS)));
    }
    if (experts != null && pairs != null) {
      MemorySegment indices = contents.of(value(Observed.EXPERTS));
      experts.add(indices, contents.of(value(Observed.EXPERT_WEIGHTS)));
      pairs.add(indices);
    }
    if (keys != null) {
      keys.add(contents.of(value(Observed.KEYS)), contents.of(value(Observed.KEY_WEIGHTS)));
    }
  }

  private Value value(Observed what) {
    Value value = values.get(what);
    if (value == null) {
      throw new IllegalStateException(name + " offers no " + what);
    }
    return value;
  }

  LayerAnalysis analysis() {
    return new LayerAnalysis(
        name,
        Optional.ofNullable(units).map(UnitTally::use),
        experts == null || pairs == null
            ? Optional.empty()
            : Optional.of(new ExpertUse(experts.use(), pairs.shares())),
        Optional.ofNullable(keys).map(SelectionTally::use));
  }
}
