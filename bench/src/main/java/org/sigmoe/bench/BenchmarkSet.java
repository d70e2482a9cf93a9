package org.sigmoe.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sigmoe.bench.result.Sweep;
import org.sigmoe.bench.shape.Dimension;
import org.sigmoe.bench.shape.PaperShape;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.bench.work.Family;
import org.sigmoe.bench.work.LayerWork;
import org.sigmoe.bench.work.LayerWork.Pass;
import org.sigmoe.bench.work.OpWork;
import org.sigmoe.bench.work.StepWork;
import org.sigmoe.bench.work.Work;

/** What can be measured in one go. */
enum BenchmarkSet {
  /** Every op that matters, at the sizes of the paper's models. */
  OPS {
    @Override
    List<Task> tasks(Limits limits) {
      List<Task> tasks = new ArrayList<>(at(limits, List.of(OpWork.values()), PAPER));
      if (limits.everything()) {
        tasks.add(new Task(null, OpWork.MATMUL, LARGE_PRODUCT));
      }
      return tasks;
    }
  },
  /** Every feed-forward family, forward, and forward and backward. */
  LAYERS {
    @Override
    List<Task> tasks(Limits limits) {
      List<Work> works = new ArrayList<>();
      for (Family family : Family.values()) {
        works.add(new LayerWork(family, Pass.FORWARD));
        works.add(new LayerWork(family, Pass.BOTH));
      }
      return at(limits, works, limits.everything() ? PAPER_AND_FIGURE : PAPER);
    }
  },
  /** Whole training steps. */
  STEPS {
    @Override
    List<Task> tasks(Limits limits) {
      List<PaperShape> shapes =
          limits.everything()
              ? List.of(PaperShape.TINY, PaperShape.WT_S, PaperShape.WT_B, PaperShape.E8)
              : List.of(PaperShape.TINY, PaperShape.WT_S_STACK);
      return at(limits, TRAINED, shapes);
    }
  },
  /** The efficiency figures, and all else that a cost can grow with. */
  SWEEPS {
    @Override
    List<Task> tasks(Limits limits) {
      Sizes from = limits.apply(PaperShape.FIGURE.sizes());
      List<Task> tasks = new ArrayList<>();
      for (Sweep sweep : Sweep.values()) {
        for (Sizes sizes : sweep.of(from, limits.widest())) {
          works(sweep).forEach(work -> tasks.add(new Task(sweep, work, sizes)));
        }
      }
      return tasks;
    }
  },
  /** Time to the first step and memory, in fresh processes. */
  STARTS {
    @Override
    List<Task> tasks(Limits limits) {
      List<Task> tasks =
          new ArrayList<>(
              at(
                  limits,
                  BLOCKS,
                  limits.everything() ? PAPER_AND_FIGURE : List.of(PaperShape.WT_S)));
      tasks.addAll(STEPS.tasks(limits));
      return tasks;
    }
  };

  private static final List<PaperShape> PAPER =
      List.of(PaperShape.WT_S, PaperShape.WT_B, PaperShape.E8);

  private static final List<PaperShape> PAPER_AND_FIGURE =
      List.of(PaperShape.FIGURE, PaperShape.WT_S, PaperShape.WT_B, PaperShape.E8);

  /** A plain product of 4096 by 4096 by 4096. */
  private static final Sizes LARGE_PRODUCT =
      PaperShape.FIGURE
          .sizes()
          .atMostTokens(4096)
          .with(Dimension.D_MODEL, 4096)
          .with(Dimension.D_FEED_FORWARD, 4096);

  private static final List<Work> BLOCKS =
      List.of(new LayerWork(Family.DENSE, Pass.BOTH), new LayerWork(Family.SIGMA_MOE, Pass.BOTH));

  private static final List<Work> TRAINED =
      List.of(new StepWork(Family.DENSE), new StepWork(Family.SIGMA_MOE));

  /**
   * A work at sizes.
   *
   * @param sweep the series that it belongs to; null for none
   */
  record Task(@Nullable Sweep sweep, Work work, Sizes sizes) {
    @Override
    public String toString() {
      return work.label() + " " + sizes;
    }
  }

  /**
   * What a device can do in reasonable time.
   *
   * @param tokens of a step at most; the whole batch where there are fewer
   * @param widest the largest d_model of a series
   * @param everything whether whole models of the paper are trained
   */
  record Limits(int tokens, int widest, boolean everything) {
    /** The same sizes with fewer streams. */
    Sizes apply(Sizes sizes) {
      return sizes.atMostTokens(tokens);
    }
  }

  /** All of it, in order. */
  abstract List<Task> tasks(Limits limits);

  private static List<Task> at(Limits limits, List<? extends Work> works, List<PaperShape> shapes) {
    return shapes.stream()
        .map(shape -> limits.apply(shape.sizes()))
        .flatMap(sizes -> works.stream().map(work -> new Task(null, work, sizes)))
        .toList();
  }

  private static Stream<Work> works(Sweep sweep) {
    return switch (sweep) {
      case LENGTH -> Stream.of(OpWork.ATTENTION, OpWork.ATTENTION_GRADIENT);
      case CHOSEN -> BLOCKS.stream().filter(work -> work.label().endsWith("moe"));
      case WIDTH_AND_EXPERTS, WIDTH_AND_SIZE, EXPERT_COUNT, SIZE, WIDTH, TOKENS -> BLOCKS.stream();
    };
  }

  /** The name in files. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
