package org.sigmoe.bench.measure;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.sigmoe.bench.model.ModelShape;
import org.sigmoe.bench.model.SigmoeTransformerXl;
import org.sigmoe.bench.model.TokenStreams;
import org.sigmoe.bench.model.Training;
import org.sigmoe.bench.peer.LibTorch;
import org.sigmoe.bench.peer.TorchLayer;
import org.sigmoe.bench.peer.TorchTransformerXl;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.bench.work.Family;
import org.sigmoe.bench.work.LayerWork;
import org.sigmoe.bench.work.OpWork;
import org.sigmoe.bench.work.StepWork;
import org.sigmoe.bench.work.Work;
import org.sigmoe.nn.engine.Precision;

/** Opens whoever does a work. */
final class Contestants {
  private static final long SEED = 1;

  /** Batches of tokens that steps take in turn. */
  private static final int BATCHES = 16;

  private Contestants() {}

  /** One of our engines. */
  static Contestant sigmoe(Work work, Sizes sizes, EngineChoice choice) {
    return switch (work) {
      case OpWork op -> new GraphContestant(seed -> op.timed(sizes, seed), choice);
      case LayerWork layer -> new GraphContestant(seed -> layer.block(sizes, seed).timed(), choice);
      case StepWork step -> step(step, sizes, choice);
    };
  }

  private static Contestant step(StepWork work, Sizes sizes, EngineChoice choice) {
    ModelShape shape = work.shape(sizes);
    SigmoeTransformerXl model =
        new SigmoeTransformerXl(
            shape,
            work.family().config(sizes),
            Training.of(choice.precision()),
            choice.name(),
            choice.options());
    return warm(shape, model::run, model::close);
  }

  /** Whether libtorch is written for that work. */
  static boolean torchDoes(Work work, Precision precision) {
    boolean written =
        switch (work) {
          case OpWork _ -> false;
          case LayerWork layer ->
              layer.family() == Family.DENSE || layer.family() == Family.SIGMA_MOE;
          case StepWork step -> step.family() == Family.DENSE;
        };
    return written && precision != Precision.TF32;
  }

  /** libtorch on the processor. */
  static Contestant torch(Work work, Sizes sizes, Precision precision, int threads) {
    LibTorch.useThreads(threads);
    return switch (work) {
      case LayerWork layer -> {
        TorchLayer torch = TorchLayer.open(layer, sizes, precision).orElseThrow();
        yield new Closing(torch::run, torch::close);
      }
      case StepWork step -> {
        ModelShape shape = step.shape(sizes);
        TorchTransformerXl model = new TorchTransformerXl(shape, Training.of(precision));
        yield warm(shape, batch -> model.step(batch.tokens(), batch.targets()), model::close);
      }
      case OpWork op -> throw new IllegalArgumentException("libtorch has no " + op.label());
    };
  }

  /** A training step of either side. */
  private interface Step {
    double run(TokenStreams.Batch batch);
  }

  /**
   * Fills the memory, since the first steps have less of it to attend to. Tokens are drawn before
   * anything is timed.
   */
  private static Contestant warm(ModelShape shape, Step step, Runnable close) {
    TokenStreams streams = new TokenStreams(shape, SEED);
    for (int filled = 0; filled < shape.memory(); filled += shape.context()) {
      step.run(streams.next());
    }
    List<TokenStreams.Batch> drawn = Stream.generate(streams::next).limit(BATCHES).toList();
    AtomicInteger runs = new AtomicInteger();
    return new Closing(() -> step.run(drawn.get(runs.getAndIncrement() % BATCHES)), close);
  }

  private record Closing(Runnable work, Runnable end) implements Contestant {
    @Override
    public void run() {
      work.run();
    }

    @Override
    public void close() {
      end.run();
    }
  }
}
