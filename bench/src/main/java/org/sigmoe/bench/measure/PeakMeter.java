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

  private static final int PROCESSOR_SIDE = 2048;
  private static final int DEVICE_SIDE = 4096;
  private static final int WARM_UPS = 3;
  private static final int RUNS = 8;

  private PeakMeter() {}

  /** The peaks of an engine's device in each precision. */
  static Peaks of(EngineChoice choice, Collection<Precision> precisions) {
    boolean processor = choice.name().equals("cpu");
    TimedGraph sum = PeakWork.sum(ELEMENTS);
    Cost moved = sum.graph().nodes().getFirst().cost();
    double bytes =
        (moved.bytesRead() + moved.bytesWritten())
            / bestSeconds(sum, choice.withPrecision(Precision.F32));
    if (processor) {
      bytes = Math.max(bytes, StreamTriad.bytesPerSecond(choice.threads(), ELEMENTS / 2));
    }
    Map<String, Double> flops = new HashMap<>();
    for (Precision precision : precisions) {
      TimedGraph product = PeakWork.product(processor ? PROCESSOR_SIDE : DEVICE_SIDE);
      flops.put(
          precision.toString(),
          product.graph().nodes().getFirst().cost().flops()
              / bestSeconds(product, choice.withPrecision(precision)));
    }
    return new Peaks(bytes, flops);
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
    for (int run = 0; run < WARM_UPS + RUNS; run++) {
      long begin = System.nanoTime();
      work.run();
      long time = System.nanoTime() - begin;
      if (run >= WARM_UPS) {
        best = Math.min(best, time);
      }
    }
    return best / 1e9;
  }
}
