package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.empty;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/** The trained tensors of a model by name, as f32 leaves of the autograd graph. */
final class TorchParameters implements AutoCloseable {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /** Allocates and initialises the parameters, from libtorch's global generator. */
  TorchParameters(List<ParameterSpec> specs) {
    for (ParameterSpec spec : specs) {
      try (PointerScope _ = new PointerScope()) {
        long[] shape = spec.shape().stream().mapToLong(Long::longValue).toArray();
        Tensor tensor = empty(shape).retainReference();
        initialise(tensor, spec.initialiser());
        tensor.requires_grad_(true);
        tensors.put(spec.name(), tensor);
      }
    }
  }

  /**
   * The tensor of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "no parameter is called " + name + "; there are " + tensors.keySet());
    }
    return tensor;
  }

  /** The tensor of that name, as an optional argument of libtorch; the caller's scope frees it. */
  TensorOptional optional(String name) {
    return new TensorOptional(get(name));
  }

  /** All tensors in order, for the optimiser; the caller's scope frees it. */
  TensorVector all() {
    return new TensorVector(new ArrayList<>(tensors.values()).toArray(Tensor[]::new));
  }

  @Override
  public void close() {
    tensors.values().forEach(Tensor::close);
    tensors.clear();
  }

  private static void initialise(Tensor tensor, ParameterSpec.Initialiser initialiser) {
    GeneratorOptional global = new GeneratorOptional();
    switch (initialiser) {
      case ParameterSpec.Initialiser.Constant(double value) -> tensor.fill_(new Scalar(value));
      case ParameterSpec.Initialiser.Uniform(double bound) ->
          tensor.uniform_(-bound, bound, global);
      case ParameterSpec.Initialiser.TruncatedNormal(double deviation) -> {
        // erfinv of a uniform number is normal; erf(2 / sqrt(2)) is where two deviations lie.
        double cut = 0.954499736103642;
        tensor.uniform_(-cut, cut, global).erfinv_();
        double drawn = tensor.std().item_double();
        tensor.mul_(new Scalar(deviation / drawn));
      }
    }
  }
}
