package org.sigmoe.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.bench.model.ModelShape;
import org.sigmoe.bench.model.SigmoeTransformerXl;
import org.sigmoe.bench.model.TokenStreams;
import org.sigmoe.bench.model.Training;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.layer.Parameter;

/**
 * Both sides of the comparison do the same work: from the same parameters and without dropout,
 * whose random numbers differ, they give the same losses. The first loss shows that the forward
 * passes agree, those after it that gradients, clipping, Adam and memory do.
 */
class AgreementTest {
  private static final int STEPS = 8;

  /** Large steps, so that a difference in what is learned soon shows. */
  private static final Training TRAINING = new Training(Precision.F32, 0.003, 0.25, 1);

  @BeforeAll
  static void oneThread() {
    LibTorch.useThreads(1);
  }

  static List<ModelShape> shapes() {
    return List.of(
        // memory that is longer than the context and fills over several steps
        new ModelShape(11, 16, 2, 2, 7, 24, 5, 12, 3, 0),
        // memory that is shorter than the context
        new ModelShape(30, 20, 3, 4, 5, 33, 9, 4, 2, 0));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void lossesAreThoseOfThePeer(ModelShape shape) {
    TokenStreams streams = new TokenStreams(shape, 5);
    try (var ours = new SigmoeTransformerXl(shape, TRAINING, 2);
        var peer = new TorchTransformerXl(shape, TRAINING)) {
      ours.parameters().forEach(parameter -> copy(parameter, ours, peer));
      for (int step = 0; step < STEPS; step++) {
        TokenStreams.Batch batch = streams.next();
        double expected = peer.step(batch.tokens(), batch.targets());
        assertEquals(expected, ours.run(batch), 1e-4 * expected, "loss of step " + step);
      }
    }
  }

  private static void copy(Parameter parameter, SigmoeTransformerXl from, TorchTransformerXl to) {
    float[] elements = from.read(parameter);
    try (PointerScope _ = new PointerScope()) {
      Tensor target = to.parameter(parameter.name());
      assertEquals(parameter.shape().elements(), target.numel(), parameter.name());
      new FloatPointer(target.data_ptr()).put(elements);
    }
  }
}
