package org.sigmoe.nn.graph.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * The end of a residual branch in one pass: y = residual + dropout(x + bias). residual and x [..,
 * C], bias [C], key i32[2].
 *
 * @param biased whether there is a bias operand
 * @param site number of the {@link DropoutSite}
 * @param rate probability of dropping; 0 for none, then there is no key operand
 */
public record AddDropout(boolean biased, int site, float rate) implements Op {

  /** residual + dropout(x + bias), of which bias and dropout may be missing. */
  public static Value of(
      Value residual, Value x, @Nullable Value bias, @Nullable DropoutSite site) {
    List<Value> operands = new ArrayList<>(List.of(residual, x));
    if (bias != null) {
      operands.add(bias);
    }
    Op op = new AddDropout(bias != null, 0, 0);
    if (site != null && site.rate() > 0) {
      operands.add(site.key());
      op = new AddDropout(bias != null, site.number(), site.rate());
    }
    return x.graph().apply(op, operands.toArray(Value[]::new)).result(0);
  }

  @Override
  public List<String> operandNames() {
    List<String> names = new ArrayList<>(List.of("residual", "x"));
    if (biased) {
      names.add("bias");
    }
    if (rate > 0) {
      names.add("key");
    }
    return names;
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Shape shape = operands.requireAtLeast(1, DType.F32, 1);
    operands.requireShape(0, shape);
    if (biased) {
      operands.requireShape(2, Shape.of(shape.columns()));
    }
    if (rate > 0) {
      Dropout.requireKey(operands, biased ? 3 : 2);
    }
    return List.of(new TensorType(DType.F32, shape));
  }

  @Override
  public List<@Nullable Value> gradient(Node node, List<@Nullable Value> results) {
    Value dy = Op.sole(node, results);
    Value dx = dy;
    if (rate > 0) {
      Value key = node.operands().getLast();
      dx = dy.graph().apply(new Dropout(site, rate, Dropout.Scaling.INVERTED), dy, key).result(0);
    }
    List<@Nullable Value> gradients = new ArrayList<>(Arrays.asList(dy, dx));
    if (biased) {
      gradients.add(SumRows.of(dx));
    }
    if (rate > 0) {
      gradients.add(null);
    }
    return gradients;
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, (biased ? 3L : 2L) * node.result(0).shape().elements());
  }

  @Override
  public Set<Integer> inPlace() {
    return Set.of(0, 1);
  }
}
