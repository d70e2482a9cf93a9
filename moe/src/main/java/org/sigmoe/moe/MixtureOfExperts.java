package org.sigmoe.moe;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sigmoe.moe.balance.RouterZLoss;
import org.sigmoe.moe.router.ExpertMask;
import org.sigmoe.moe.router.RouterInput;
import org.sigmoe.moe.router.Routing;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.AddGroupBias;
import org.sigmoe.nn.graph.op.CapacityMask;
import org.sigmoe.nn.graph.op.DropoutSite;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.graph.op.Route;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig.Placement;
import org.sigmoe.nn.layer.Initializer;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.nn.layer.Parameter;

/**
 * A mixture of experts: y = sum over the K selected experts e of s[e] W2[e] activation(W1[e] x)
 * (Csordas et al. 2023, eq. 9 to 12). Experts and weights s come from the {@link
 * org.sigmoe.moe.router.Router} of the {@link Mixture}.
 *
 * <p>Parameters, named as in the paper's code, each after {@code NAME.pkm.}: {@code keys} W1 [E, D,
 * G], {@code values} W2 [E, G, V], {@code expert_sel} W3 [E, D]; with noise {@code noise_sel} W4
 * [E, D]; with biases {@code bias} [E, G] and {@code o_bias} [V]; those of a shared expert after
 * {@code shared.}. V is the width of the output, which is D unless another is asked for.
 *
 * <p>Losses are part of training alone.
 */
public final class MixtureOfExperts implements FeedForward {
  private final Mixture mixture;
  private final int dModel;
  private final int width;
  private final double hiddenDropout;
  private final Parameter keys;
  private final Parameter values;
  private final Parameter selection;
  private final @Nullable Parameter noise;
  private final @Nullable Parameter bias;
  private final @Nullable Parameter outputBias;
  private final @Nullable SharedExpert shared;

  /** A block of a Transformer layer, as wide as its input. */
  public MixtureOfExperts(Placement placement, Mixture mixture) {
    this(placement, placement.dModel(), mixture);
  }

  /**
   * A block with an output of its own width, for use outside a residual stream.
   *
   * @param width V, at least 1
   */
  public MixtureOfExperts(Placement placement, int width, Mixture mixture) {
    Ranges.requireAtLeast(1, "width", width);
    int experts = mixture.experts();
    int size = mixture.expertSize();
    int layers = placement.layers();
    Initialisation start = mixture.initialisation();
    String name = placement.name() + ".pkm.";
    this.mixture = mixture;
    this.dModel = placement.dModel();
    this.width = width;
    this.hiddenDropout =
        switch (mixture.dropout()) {
          case NONE -> 0;
          case MODEL -> placement.dropout();
        };
    this.keys =
        Parameter.weight(
            name + "keys", Shape.of(experts, dModel, size), start.keys(dModel, layers));
    this.values =
        Parameter.weight(
            name + "values", Shape.of(experts, size, width), start.values(experts, size, layers));
    this.selection =
        Parameter.weight(
            name + "expert_sel", Shape.of(experts, dModel), start.selection(dModel, layers));
    // All noise begins alike, as in Shazeer et al. 2017, appendix A.
    this.noise =
        mixture.router().noisy()
            ? Parameter.weight(name + "noise_sel", Shape.of(experts, dModel), Initializer.zeros())
            : null;
    boolean biased = mixture.options().biases() == Biases.ALL;
    this.bias =
        biased
            ? Parameter.undecayed(name + "bias", Shape.of(experts, size), Initializer.zeros())
            : null;
    this.outputBias =
        biased ? Parameter.undecayed(name + "o_bias", Shape.of(width), Initializer.zeros()) : null;
    this.shared =
        mixture.options().sharedSize() > 0
            ? new SharedExpert(name + "shared", placement, width, mixture)
            : null;
  }

  @Override
  public int dModel() {
    return dModel;
  }

  /** What it is made of. */
  public Mixture mixture() {
    return mixture;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> own = new ArrayList<>();
    Stream.of(keys, values, selection).forEach(own::add);
    Stream.ofNullable(noise).forEach(own::add);
    Stream.ofNullable(bias).forEach(own::add);
    Stream.ofNullable(outputBias).forEach(own::add);
    Stream.ofNullable(shared).forEach(expert -> own.addAll(expert.parameters()));
    return own;
  }

  /**
   * Appends the block.
   *
   * @param x [.., D]; the product is [.., V]
   */
  @Override
  public Output apply(BuildContext context, Value x) {
    Pass pass = forward(context, x, mask(context.dropout(mixture.expertDropout())));
    boolean training = context.mode() == BuildContext.Mode.TRAINING;
    return new Output(
        pass.product(),
        outputBias == null ? null : context.read(outputBias),
        training ? loss(pass) : null);
  }

  private static @Nullable ExpertMask mask(@Nullable DropoutSite site) {
    return site == null || site.rate() == 0 ? null : ExpertMask.dropout(site);
  }

  /**
   * What was appended for one application.
   *
   * @param logits [.., E] of the router
   * @param routing what the router made of them
   * @param route the slots, sorted by expert
   * @param hidden [S, G], hidden units in the order of {@code route}
   * @param product [.., V]
   */
  record Pass(Value logits, Routing routing, Route.Result route, Value hidden, Value product) {}

  /** Appends all but the losses, with any mask. */
  Pass forward(BuildContext context, Value x, @Nullable ExpertMask mask) {
    int k = mixture.k();
    Value logits = MatMul.linear(x, context.read(selection));
    Value noiseLogits = noise == null ? null : MatMul.linear(x, context.read(noise));
    Routing routing =
        mixture.router().route(new RouterInput(context, logits, noiseLogits, mask, k));
    context.observe(Observed.EXPERTS, routing.experts());
    context.observe(Observed.EXPERT_WEIGHTS, routing.weights());
    Route.Result route = Route.of(routing.experts(), mixture.experts());
    Value units = GatherMatMul.of(x, context.read(keys), route, k, Transpose.NO);
    if (bias != null) {
      units = AddGroupBias.of(units, context.read(bias), route);
    }
    Value hidden =
        Activate.of(
            mixture.options().activation().activation(),
            units,
            null,
            context.dropout(hiddenDropout));
    Value product =
        ScatterMatMul.of(
            hidden,
            context.read(values),
            admitted(context, routing.weights(), route),
            route,
            k,
            Transpose.NO,
            x.shape().withColumns(width));
    if (shared != null) {
      product = Add.of(product, shared.apply(context, x, hiddenDropout));
    }
    return new Pass(logits, routing, route, hidden, product);
  }

  /** The weights, in training 0 where an expert has no room left. */
  private Value admitted(BuildContext context, Value weights, Route.Result route) {
    int slots = Math.toIntExact(weights.shape().elements());
    int capacity = mixture.capacity(slots);
    if (capacity == slots || context.mode() == BuildContext.Mode.EVALUATION) {
      return weights;
    }
    return Multiply.of(weights, CapacityMask.of(weights, route, capacity));
  }

  /** Appends the losses: [1]; null where there is none. */
  @Nullable Value loss(Pass pass) {
    Value balance = mixture.balance().loss(pass.routing(), pass.route().counts());
    Value small = new RouterZLoss(mixture.options().zLoss()).loss(pass.logits());
    if (balance == null || small == null) {
      return balance == null ? small : balance;
    }
    return Add.of(balance, small);
  }
}
