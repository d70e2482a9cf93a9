package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.clip_grad_norm_;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.dropout;
import static org.bytedeco.pytorch.global.torch.embedding;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.tensor;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.sigmoe.bench.model.ModelShape;
import org.sigmoe.bench.model.Training;

/**
 * A dense pre-layer-norm Transformer-XL language model that libtorch trains: the baseline of arXiv
 * 2310.10837 with relative attention, memory of earlier segments, untied embeddings and biased ReLU
 * feed-forward blocks.
 *
 * <pre>{@code
 * LibTorch.useThreads(2);
 * try (var model = new TorchTransformerXl(shape, Training.of(Precision.F32))) {
 *   double loss = model.step(tokens, targets);
 * }
 * }</pre>
 *
 * <p>An instance belongs to the thread that made it. libtorch's generator is global: two instances
 * in one process disturb each other's dropout, not each other's weights.
 */
public final class TorchTransformerXl implements AutoCloseable {
  private final ModelShape shape;
  private final Training training;
  private final TorchParameters parameters;
  private final RelativePositions positions;
  private final List<TransformerXlLayer> layers = new ArrayList<>();
  private final @Nullable Tensor[] memories;
  private final TensorVector trained;
  private final Adam optimiser;

  /** A model with empty memory and the form of attention that is faster on CPUs. */
  public TorchTransformerXl(ModelShape shape, Training training) {
    this(shape, training, AttentionKernel.BATCHED_MATMUL);
  }

  /** Allocates and initialises the model; the memory is empty. */
  public TorchTransformerXl(ModelShape shape, Training training, AttentionKernel attention) {
    this.shape = shape;
    this.training = training;
    manual_seed(training.seed());
    parameters = new TorchParameters(ParameterSpec.of(shape));
    positions = new RelativePositions(shape, Autocast.productType(training.precision()));
    for (int layer = 0; layer < shape.layers(); layer++) {
      layers.add(new TransformerXlLayer(shape, parameters, layer, positions, attention));
    }
    memories = new @Nullable Tensor[shape.layers()];
    try (PointerScope _ = new PointerScope()) {
      trained = parameters.all().retainReference();
      optimiser = new Adam(trained, new AdamOptions(training.learningRate())).retainReference();
    }
  }

  /** Number of trained values of a model of that shape; nothing is allocated. */
  public static long parameterCount(ModelShape shape) {
    return ParameterSpec.totalCount(shape);
  }

  /**
   * One training step: forward, backward, clipping by the global norm, Adam, memory carried on.
   *
   * @param tokens [B, T], row major
   * @param targets [B, T], row major
   * @return mean cross entropy in nats, before the update
   * @throws IllegalArgumentException if there are not B * T tokens and targets
   */
  public double step(int[] tokens, int[] targets) {
    requireTokens("tokens", tokens);
    requireTokens("targets", targets);
    try (PointerScope _ = new PointerScope()) {
      optimiser.zero_grad();
      Tensor loss = Temporaries.freedAfter(() -> forward(tokens, targets));
      loss.backward();
      clip_grad_norm_(trained, training.clipNorm());
      optimiser.step();
      return loss.item_float();
    }
  }

  /** The parameter of that name in the published code. */
  Tensor parameter(String name) {
    return parameters.get(name);
  }

  /** What the layer remembers, [B, up to M, d], or null before the first step. */
  @Nullable Tensor memory(int layer) {
    return memories[layer];
  }

  @Override
  public void close() {
    optimiser.close();
    trained.close();
    for (Tensor memory : memories) {
      if (memory != null) {
        memory.close();
      }
    }
    positions.close();
    parameters.close();
  }

  private Tensor forward(int[] tokens, int[] targets) {
    try (Autocast _ = new Autocast(training.precision())) {
      Tensor x = embed(ids(tokens).view(shape.batch(), shape.context()));
      for (int layer = 0; layer < shape.layers(); layer++) {
        Tensor seen = seen(memories[layer], x);
        remember(layer, seen);
        x = layers.get(layer).forward(x, seen);
      }
      Tensor normed = TransformerXlLayer.norm(x, parameters, "out_norm");
      Tensor logits =
          linear(drop(normed), parameters.get("output.weight"), parameters.optional("output.bias"));
      return cross_entropy_loss(
          logits.view(shape.tokensPerStep(), shape.vocabulary()), ids(targets));
    }
  }

  private Tensor embed(Tensor ids) {
    return drop(embedding(parameters.get("embedding.weight"), ids));
  }

  private Tensor drop(Tensor x) {
    return dropout(x, shape.dropout(), true);
  }

  private static Tensor ids(int[] values) {
    return tensor(values).to(ScalarType.Long);
  }

  private static Tensor seen(@Nullable Tensor memory, Tensor x) {
    return memory == null ? x : cat(new TensorVector(memory, x), 1);
  }

  private void remember(int layer, Tensor seen) {
    long kept = Math.min(seen.size(1), shape.memory());
    Tensor previous = memories[layer];
    memories[layer] = seen.detach().narrow(1, seen.size(1) - kept, kept).<Tensor>retainReference();
    if (previous != null) {
      previous.close();
    }
  }

  private void requireTokens(String name, int[] values) {
    if (values.length != shape.tokensPerStep()) {
      throw new IllegalArgumentException(
          "%s must hold B * T = %d * %d = %d ids, but holds %d"
              .formatted(
                  name, shape.batch(), shape.context(), shape.tokensPerStep(), values.length));
    }
  }
}
