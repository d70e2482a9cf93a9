package org.sigmoe.bench;

import org.sigmoe.bench.peer.LibTorch;
import org.sigmoe.bench.peer.TorchTransformerXl;

/** The training step by libtorch, called from Java. */
public class TorchTrainingStep extends TrainingStepBenchmark {

  @Override
  protected TrainingStep open(ModelShape shape, Precision precision, int threads) {
    LibTorch.useThreads(threads);
    TorchTransformerXl torch = new TorchTransformerXl(shape, Training.of(precision));
    return new TrainingStep() {
      @Override
      public double run(TokenStreams.Batch batch) {
        return torch.step(batch.tokens(), batch.targets());
      }

      @Override
      public void close() {
        torch.close();
      }
    };
  }
}
