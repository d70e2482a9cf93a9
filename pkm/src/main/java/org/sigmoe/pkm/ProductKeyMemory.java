package org.sigmoe.pkm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.ProductKeyScores;
import org.sigmoe.nn.graph.op.ProductKeyTable;
import org.sigmoe.nn.graph.op.ProductKeyTopK;
import org.sigmoe.nn.graph.op.Softmax;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.nn.graph.op.WeightedGather;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Initializer;
import org.sigmoe.nn.layer.Linear;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.nn.layer.Parameter;

/**
 * A product-key memory (Lample et al. 2019; Csordas et al. 2023, section 3.2): y = sum over values
 * of weight_i v_i. The key of value i * B + j is sub-key i of the first half joined with sub-key j
 * of the second, so that its score is the sum of two scores: query = [qa | qb], score = keysA[i] .
 * qa + keysB[j] . qb. Heads have sub-keys of their own and share the values.
 *
 * <p>Parameters, named as in the paper's code: {@code pkm.keys.0} [H, A, D/2] and {@code
 * pkm.keys.1} [H, B, D/2], normal with standard deviation s / sqrt(D), s = sqrt(2 / layers); {@code
 * pkm.values.weight} [A*B, D], normal as {@link ValueInitialisation} says; and if queries are
 * projected {@code pkm.query_proj.weight} [H*D, D], which starts like the keys, with {@code
 * pkm.query_proj.bias} [H*D] from zero. There is no output bias and no dropout.
 */
public final class ProductKeyMemory implements FeedForward {
  private final int dModel;
  private final PkmConfig config;
  private final Parameter keysA;
  private final Parameter keysB;
  private final Parameter values;
  private final @Nullable Linear projection;

  ProductKeyMemory(FeedForwardConfig.Placement placement, PkmConfig config) {
    this.dModel = placement.dModel();
    this.config = config;
    if (dModel % 2 != 0) {
      throw new IllegalArgumentException(
          "dModel: a product-key memory halves its queries, so it must be even, got " + dModel);
    }
    String name = placement.name() + ".pkm.";
    double scale = Math.sqrt(2.0 / placement.layers());
    Initializer byWidth = new Initializer.Normal(scale / Math.sqrt(dModel));
    this.keysA = keys(name + "keys.0", config.keysA(), byWidth);
    this.keysB = keys(name + "keys.1", config.keysB(), byWidth);
    Initializer initial =
        switch (config.valueInitialisation()) {
          case BY_MODEL_WIDTH -> byWidth;
          case BY_VALUE_COUNT -> new Initializer.Normal(scale / Math.sqrt(config.values()));
        };
    this.values =
        Parameter.weight(name + "values.weight", Shape.of(config.values(), dModel), initial);
    this.projection = projection(name + "query_proj", byWidth);
  }

  private Parameter keys(String name, int count, Initializer initial) {
    return Parameter.weight(name, Shape.of(config.heads(), count, dModel / 2), initial);
  }

  private @Nullable Linear projection(String name, Initializer initial) {
    int width = Math.multiplyExact(config.heads(), dModel);
    return switch (config.queryProjection()) {
      case NONE -> null;
      case LINEAR -> Linear.unbiased(name, dModel, width, initial);
      case LINEAR_WITH_BIAS -> Linear.biased(name, dModel, width, initial, Initializer.zeros());
    };
  }

  @Override
  public int dModel() {
    return dModel;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>(List.of(keysA, keysB, values));
    if (projection != null) {
      parameters.addAll(projection.parameters());
    }
    return List.copyOf(parameters);
  }

  @Override
  public Output apply(BuildContext context, Value x) {
    Value query = projection == null ? x : projection.apply(context, x);
    ProductKeyScores.Halves scores =
        ProductKeyScores.of(query, context.read(keysA), context.read(keysB));
    Value y = config.selectsAll() ? ofAll(context, scores) : ofBest(context, scores);
    return new Output(y, null, null);
  }

  private Value ofAll(BuildContext context, ProductKeyScores.Halves scores) {
    Value weights = weights(ProductKeyTable.of(scores.a(), scores.b()), 1);
    context.observe(Observed.UNITS, weights);
    return MatMul.of(weights, Transpose.NO, context.read(values), Transpose.NO);
  }

  private Value ofBest(BuildContext context, ProductKeyScores.Halves scores) {
    ProductKeyTopK.Chosen chosen = ProductKeyTopK.of(scores.a(), scores.b(), config.k());
    // A softmax over the slots of a head, or over those of all heads.
    Value weights =
        weights(chosen.scores(), config.softmaxScope() == SoftmaxScope.PER_HEAD ? 1 : 2);
    context.observe(Observed.KEYS, chosen.indices());
    context.observe(Observed.KEY_WEIGHTS, weights);
    return WeightedGather.of(context.read(values), chosen.indices(), weights, 2);
  }

  private Value weights(Value scores, int trailing) {
    return switch (config.nonlinearity()) {
      case RELU -> Activate.of(Activation.RELU, scores, null, null);
      case SOFTMAX -> Softmax.of(scores, trailing);
    };
  }
}
