package org.sigmoe.bench.measure;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.sigmoe.bench.result.Peaks;
import org.sigmoe.bench.work.PeakWork;
import org.sigmoe.bench.work.TimedGraph;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Cost;

/**
 * Finds what a machine can do at best: memory by adding two tensors into a third, and on a
 * processor by plain Java loops too, of which the faster counts; arithmetic by large square
 * products. Both run on the engine under test, so that nothing else need know the device.
 */
final class PeakMeter {
  /** Elements of a tensor: far more than a cache holds. */
  private static final int ELEMENTS = 1 << 25;

  /** On an accelerator, where as many are read and written while a kernel is launched. */
  private static final int DEVICE_ELEMENTS = 1 << 27;

  private static final int LEAST_SIDE = 1024;
  private static final int MOST_SIDE = 8192;

  /** What keeps a device busy for so long is a large product to it. */
  private static final double ENOUGH_SECONDS = 20e-3;

  private static final int WARM_UPS = 3;
  private static final int RUNS = 8;

  /** A shared machine is slow for moments: as long as this at least. */
  private static final long LEAST_NANOSECONDS = 500_000_000L;

  /** Enough runs on a slow device. */
  private static final long MOST_NANOSECONDS = 2_000_000_000L;

  /** Products in one run of an accelerator, which has to round the operands before the first. */
  private static final int PRODUCTS = 8;

  private PeakMeter() {}

  /** The peaks of an engine's device in each precision. */
  static Peaks of(EngineChoice choice, Collection<Precision> precisions) {
    boolean processor = choice.name().equals("cpu");
    TimedGraph sum = PeakWork.sum(processor ? ELEMENTS : DEVICE_ELEMENTS);
    Cost moved = sum.graph().nodes().getFirst().cost();
    double bytes =
        (moved.bytesRead() + moved.bytesWritten())
            / bestSeconds(sum, choice.withPrecision(Precision.F32));
    if (processor) {
      bytes = Math.max(bytes, StreamTriad.bytesPerSecond(choice.threads(), ELEMENTS / 2));
    }
    Map<String, Double> flops = new HashMap<>();
    for (Precision precision : precisions) {
      flops.put(
          precision.toString(),
          bestFlops(choice.withPrecision(precision), processor ? 1 : PRODUCTS));
    }
    return new Peaks(bytes, flops);
  }

  private static double bestFlops(EngineChoice choice, int products) {
    double best = 0;
    double seconds = 0;
    for (int side = LEAST_SIDE; side <= MOST_SIDE && seconds < ENOUGH_SECONDS; side *= 2) {
      TimedGraph graph = PeakWork.products(side, products);
      seconds = bestSeconds(graph, choice) / products;
      best = Math.max(best, graph.graph().nodes().getFirst().cost().flops() / seconds);
    }
    return best;
  }

  private static double bestSeconds(TimedGraph timed, EngineChoice choice) {
    try (Engine engine = choice.open();
        Program program = engine.compile(timed.graph())) {
      timed.feed(program);
      return bestSeconds(program::run);
    }
  }

  static double bestSeconds(Runnable work) {
    long best = Long.MAX_VALUE;
    long start = System.nanoTime();
    for (int run = 0; ; run++) {
      long begin = System.nanoTime();
      long spent = begin - start;
      boolean often = run >= WARM_UPS + RUNS && spent > LEAST_NANOSECONDS;
      if (often || best < Long.MAX_VALUE && spent > MOST_NANOSECONDS) {
        return best / 1e9;
      }
      work.run();
      long time = System.nanoTime() - begin;
      if (run >= WARM_UPS || time > MOST_NANOSECONDS) {
        best = Math.min(best, time);
      }
    }
  }
}
