package org.sigmoe.xl.checkpoint;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which checkpoints stay once a new one is safely there: the last few, and the best one.
 *
 * @param last how many of the newest stay, the new one included; at least 1
 */
public record Retention(int last) {

  /** The last two: should one be damaged, there is another. */
  public static final Retention DEFAULT = new Retention(2);

  /** Validated states with the lowest loss first; of equal ones, the earlier. */
  static final Comparator<TrainingState> BEST_FIRST =
      Comparator.comparingDouble(Retention::loss).thenComparingLong(TrainingState::step);

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public Retention {
    if (last < 1) {
      throw new IllegalArgumentException("at least 1 checkpoint has to be kept, not " + last);
    }
  }

  /**
   * Returns the steps of the checkpoints to delete. Those of later steps than the one just saved
   * are among them: training has gone back behind them, because they were damaged, and they no
   * longer belong to it.
   *
   * @param saved the step just saved
   * @param states all checkpoints whose state can be read; others are never deleted
   */
  List<Long> toDelete(long saved, Collection<TrainingState> states) {
    List<TrainingState> current = states.stream().filter(s -> s.step() <= saved).toList();
    Stream<TrainingState> newest =
        current.stream()
            .sorted(Comparator.comparingLong(TrainingState::step).reversed())
            .limit(last);
    Stream<TrainingState> best =
        current.stream().filter(s -> s.validationLoss() != null).sorted(BEST_FIRST).limit(1);
    List<Long> kept = Stream.concat(newest, best).map(TrainingState::step).toList();
    return states.stream().map(TrainingState::step).filter(s -> !kept.contains(s)).toList();
  }

  private static double loss(TrainingState state) {
    Double loss = state.validationLoss();
    return loss == null ? Double.POSITIVE_INFINITY : loss;
  }
}
