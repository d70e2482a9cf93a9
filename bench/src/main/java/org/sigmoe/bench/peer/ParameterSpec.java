package org.sigmoe.bench.peer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sigmoe.bench.model.ModelShape;

/**
 * A parameter before it has memory. Names, layouts and initialisation are those of the published
 * code of arXiv 2310.10837.
 *
 * @param name the name in the published code
 * @param initialiser how the values begin
 * @param shape sizes, outermost first; of a linear map: [outputs, inputs]
 */
record ParameterSpec(String name, Initialiser initialiser, List<Long> shape) {

  /** How the values of a parameter begin. */
  sealed interface Initialiser {
    /** All the same. */
    record Constant(double value) implements Initialiser {}

    /** Uniform in [-bound, bound). */
    record Uniform(double bound) implements Initialiser {}

    /** Normal, cut off at two standard deviations, then scaled to exactly this deviation. */
    record TruncatedNormal(double deviation) implements Initialiser {}
  }

  private static final Initialiser ZERO = new Initialiser.Constant(0);
  private static final Initialiser ONE = new Initialiser.Constant(1);

  /** Number of values. */
  long count() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Number of values in all parameters of the model. */
  static long totalCount(ModelShape model) {
    return of(model).stream().mapToLong(ParameterSpec::count).sum();
  }

  /** All parameters of the model, in the order of the published code. */
  static List<ParameterSpec> of(ModelShape model) {
    List<ParameterSpec> specs = new ArrayList<>();
    long vocabulary = model.vocabulary();
    long width = model.dModel();
    double xavier = Math.sqrt(6.0 / (vocabulary + width));
    specs.add(spec("embedding.weight", new Initialiser.Uniform(xavier), vocabulary, width));
    for (int layer = 0; layer < model.layers(); layer++) {
      addLayer(specs, layerPrefix(layer), model);
    }
    Initialiser linearDefault = new Initialiser.Uniform(1 / Math.sqrt(width));
    specs.add(spec("output.weight", linearDefault, vocabulary, width));
    specs.add(spec("output.bias", linearDefault, vocabulary));
    specs.add(spec("out_norm.weight", ONE, width));
    specs.add(spec("out_norm.bias", ZERO, width));
    return List.copyOf(specs);
  }

  /** What the names of a layer's parameters begin with. */
  static String layerPrefix(int layer) {
    return "layers." + layer + ".";
  }

  private static void addLayer(List<ParameterSpec> specs, String prefix, ModelShape model) {
    long width = model.dModel();
    long heads = model.heads();
    long headDim = model.headDim();
    long projection = heads * headDim;
    long hidden = model.dFeedForward();
    Initialiser fromWidth = inLayer(model, width);
    String attention = prefix + "self_attn.";
    specs.add(
        spec(attention + "scale", new Initialiser.Constant(1 / Math.sqrt((double) headDim)), 1));
    // The published code has this one, counts it and never uses it.
    specs.add(spec(attention + "s_bias", ZERO, 1));
    specs.add(spec(attention + "global_content_bias", ZERO, heads, headDim));
    specs.add(spec(attention + "global_pos_bias", ZERO, heads, headDim));
    specs.add(spec(attention + "pos_to_pq.weight", fromWidth, projection, width));
    specs.add(spec(attention + "data_to_kv.weight", fromWidth, 2 * projection, width));
    specs.add(spec(attention + "data_to_q.weight", fromWidth, projection, width));
    specs.add(
        spec(attention + "multi_head_merge.weight", inLayer(model, projection), width, projection));
    specs.add(spec(prefix + "linear1.weight", fromWidth, hidden, width));
    specs.add(spec(prefix + "linear1.bias", ZERO, hidden));
    specs.add(spec(prefix + "linear2.weight", inLayer(model, hidden), width, hidden));
    specs.add(spec(prefix + "linear2.bias", ZERO, width));
    for (String norm : List.of("norm1", "norm2")) {
      specs.add(spec(prefix + norm + ".weight", ONE, width));
      specs.add(spec(prefix + norm + ".bias", ZERO, width));
    }
  }

  private static Initialiser inLayer(ModelShape model, long inputs) {
    return new Initialiser.TruncatedNormal(Math.sqrt(2.0 / (model.layers() * (double) inputs)));
  }

  private static ParameterSpec spec(String name, Initialiser initialiser, long... shape) {
    return new ParameterSpec(name, initialiser, Arrays.stream(shape).boxed().toList());
  }
}
