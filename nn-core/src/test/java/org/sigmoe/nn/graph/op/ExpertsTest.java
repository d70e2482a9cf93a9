package org.sigmoe.nn.graph.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;

/** The ops of experts one behind the other, as engines compute several in one pass. */
class ExpertsTest {
  /**
   * Odd numbers, of which an odd number of products never sums to 0: no rounding turns a hidden
   * unit on or off, and no difference crosses the bend of ReLU.
   */
  private static final Fill ODD =
      (count, random) -> random.ints(count, -2, 2).mapToDouble(i -> 2 * i + 1).toArray();

  private enum Form {
    /** Nothing but the experts. */
    PLAIN,
    /** The residual is added first. */
    RESIDUAL,
    /** A projection of the input is added behind. */
    PROJECTED,
    /** The weights are scores of the input: to its gradient that of a router is added. */
    ROUTED,
    /** The same, and the residual is added first. */
    ROUTED_RESIDUAL,
    /** The hidden units are looked at from outside. */
    OBSERVED;

    boolean isRouted() {
      return this == ROUTED || this == ROUTED_RESIDUAL;
    }
  }

  @TestFactory
  Stream<DynamicNode> cases() {
    List<OpCase> cases = new ArrayList<>();
    for (Routing routing : Routing.all()) {
      cases.add(experts(routing, 33, 17, Form.RESIDUAL));
    }
    Routing several = Routing.all().get(5);
    for (Form form : Form.values()) {
      cases.add(experts(several, 5, 16, form));
    }
    cases.add(experts(several, 301, 64, Form.PROJECTED));
    cases.add(experts(several, 301, 64, Form.ROUTED));
    cases.add(experts(several, 99, 130, Form.ROUTED_RESIDUAL));
    return OpTests.of(cases);
  }

  /**
   * Gradients of a single token's weights are single sums of terms of either sign: products of
   * hidden units, of deviation 29 for 33 columns, and their gradients, of deviation 6.
   */
  private static OpCase experts(Routing routing, int width, int size, Form form) {
    OpCase test = block(routing, width, size, form);
    return routing.tokens().elements() == 1 ? test.cancellingTermsOf(100) : test;
  }

  private static OpCase block(Routing routing, int width, int size, Form form) {
    OpCase.Builder operands =
        routing
            .named("D=%d G=%d %s".formatted(width, size, form))
            .differentiable("x", ODD, routing.perToken(width))
            .differentiable("keys", ODD, routing.groups(), width, size)
            .differentiable("values", Fill.normal(1), routing.groups(), size, width);
    if (form.isRouted()) {
      Fill small = Fill.normal(0.3 / Math.sqrt(width));
      operands.differentiable("router", small, routing.groups(), width);
    } else {
      int[] perSlot = routing.perToken(routing.slots());
      operands.differentiable("weights", Fill.uniform(0.5, 1.5), perSlot);
    }
    if (form == Form.PROJECTED) {
      operands.differentiable("projection", Fill.normal(1), width, width);
    }
    return operands.output(in -> apply(in, routing, form));
  }

  private static Value apply(Map<String, Value> in, Routing routing, Form form) {
    Value x = in.get("x");
    int slots = routing.slots();
    Value indices = in.get("indices");
    Value weights = form.isRouted() ? scores(x, in.get("router"), indices) : in.get("weights");
    Route.Result route = Route.of(indices, routing.groups());
    Value units = GatherMatMul.of(x, in.get("keys"), route, slots, Transpose.NO);
    Value hidden = Activate.of(Activation.RELU, units, null, null);
    Shape result = Shape.of(routing.perToken(x.shape().columns()));
    Value product =
        ScatterMatMul.of(hidden, in.get("values"), weights, route, slots, Transpose.NO, result);
    return switch (form) {
      case PLAIN, ROUTED -> product;
      case RESIDUAL, ROUTED_RESIDUAL -> AddDropout.of(x, product, null, null);
      case PROJECTED -> Add.of(product, MatMul.linear(x, in.get("projection")));
      case OBSERVED -> {
        x.graph().output(hidden);
        yield product;
      }
    };
  }

  private static Value scores(Value x, Value router, Value indices) {
    Value logits = MatMul.linear(x, router);
    return GatherColumns.of(Activate.of(Activation.SIGMOID, logits, null, null), indices);
  }
}
