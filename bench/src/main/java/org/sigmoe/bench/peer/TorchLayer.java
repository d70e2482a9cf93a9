package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.grad;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.ones_like;
import static org.bytedeco.pytorch.global.torch.randn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.sigmoe.bench.shape.Dimension;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.bench.work.Family;
import org.sigmoe.bench.work.LayerWork;
import org.sigmoe.nn.engine.Precision;

/**
 * One feed-forward block of libtorch, forward or forward and backward by autograd, as {@link
 * LayerWork} describes it: the regulariser included, gradients for input and parameters, the data
 * changing from run to run.
 *
 * <pre>{@code
 * LibTorch.useThreads(2);
 * try (TorchLayer layer = TorchLayer.open(work, sizes, Precision.F32).orElseThrow()) {
 *   layer.run();
 * }
 * }</pre>
 */
public final class TorchLayer implements AutoCloseable {
  /** Of sigma-MoE, as in the paper and in our default. */
  private static final double ENTROPY = 1e-3;

  private static final int DATA_SETS = 4;

  private final TorchBlock block;
  private final LayerWork.Pass pass;
  private final Precision precision;
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<Tensor> gradients = new ArrayList<>();
  private int runs;

  private TorchLayer(TorchBlock block, LayerWork.Pass pass, Precision precision) {
    this.block = block;
    this.pass = pass;
    this.precision = precision;
  }

  /** The layer; empty where a PyTorch user has no customary way to write the family. */
  public static Optional<TorchLayer> open(LayerWork work, Sizes sizes, Precision precision) {
    manual_seed(1);
    return block(work.family(), sizes)
        .map(block -> new TorchLayer(block, work.pass(), precision).withData(sizes));
  }

  private static Optional<TorchBlock> block(Family family, Sizes sizes) {
    int width = sizes.get(Dimension.D_MODEL);
    return switch (family) {
      case DENSE -> Optional.of(new TorchDense(width, sizes.get(Dimension.D_FEED_FORWARD)));
      case SIGMA_MOE ->
          Optional.of(
              new TorchSigmaMoe(
                  width,
                  sizes.get(Dimension.EXPERTS),
                  sizes.get(Dimension.EXPERT_SIZE),
                  sizes.get(Dimension.K),
                  ENTROPY));
      case TOP_K, PKM, PKM_TOP_K, SOFTMAX_MOE, SWITCH, S_BASE, NOISY_TOP_K -> Optional.empty();
    };
  }

  private TorchLayer withData(Sizes sizes) {
    for (int i = 0; i < DATA_SETS; i++) {
      try (PointerScope _ = new PointerScope()) {
        long[] shape = {sizes.tokens(), sizes.get(Dimension.D_MODEL)};
        Tensor x = randn(shape).retainReference();
        x.requires_grad_(true);
        inputs.add(x);
        gradients.add(randn(shape).retainReference());
      }
    }
    return this;
  }

  /** One pass, or both, over the next data. */
  public void run() {
    int set = runs++ % DATA_SETS;
    try (PointerScope _ = new PointerScope()) {
      switch (pass) {
        case FORWARD -> {
          try (NoGradGuard _ = new NoGradGuard()) {
            forward(inputs.get(set));
          }
        }
        case BOTH -> backward(forward(inputs.get(set)), inputs.get(set), gradients.get(set));
      }
    }
  }

  private TorchBlock.Output forward(Tensor x) {
    try (Autocast _ = new Autocast(precision)) {
      return block.forward(x);
    }
  }

  /** Gradients for x and the parameters, in their order. */
  private TensorVector backward(TorchBlock.Output output, Tensor x, Tensor dy) {
    TensorVector results = new TensorVector(output.y());
    TensorVector seeds = new TensorVector(dy);
    if (output.auxiliaryLoss() != null) {
      results.push_back(output.auxiliaryLoss());
      seeds.push_back(ones_like(output.auxiliaryLoss()));
    }
    List<Tensor> wanted = new ArrayList<>(List.of(x));
    wanted.addAll(block.parameters());
    TensorVector leaves = new TensorVector(wanted.toArray(Tensor[]::new));
    // An expert that no token chose has no gradient.
    return grad(results, leaves, seeds, new BoolOptional(), false, true);
  }

  /** The trained tensors, in the order of our block's parameters. */
  List<Tensor> parameters() {
    return block.parameters();
  }

  /**
   * y, and the gradients for x and the parameters, of given data; the caller's scope frees them.
   *
   * @param x [N, D], with {@code requires_grad}
   * @param dy [N, D]
   */
  List<Tensor> results(Tensor x, Tensor dy) {
    TorchBlock.Output output = forward(x);
    TensorVector found = backward(output, x, dy);
    List<Tensor> results = new ArrayList<>(List.of(output.y()));
    for (long i = 0; i < found.size(); i++) {
      results.add(found.get(i));
    }
    return results;
  }

  @Override
  public void close() {
    inputs.forEach(Tensor::close);
    gradients.forEach(Tensor::close);
    block.close();
  }
}
