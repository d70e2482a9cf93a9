package org.sigmoe.nn.graph.op;

import java.util.List;
import org.sigmoe.nn.graph.Cost;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/**
 * Independent standard normal numbers, the same on every engine for the same key: elements 2m and
 * 2m+1, which share a pair of hashes of {@link DropoutMask}, are r cos(t) and r sin(t) with r =
 * sqrt(-2 log u), where u in (0, 1] comes from the hash of 2m and t in [0, 2 pi) from that of 2m+1
 * (Box and Muller, 1958). key i32[2], result of {@code shape}. No number is beyond 5.8 from 0.
 *
 * @param site tells the places of one graph apart where noise or dropout is drawn
 * @param shape shape of the result
 */
public record GaussianNoise(int site, Shape shape) implements Op {

  /**
   * Fresh noise for each step.
   *
   * @param key i32[2], fed each step: the seed and the step number
   */
  public static Value of(Value key, int site, Shape shape) {
    return key.graph().apply(new GaussianNoise(site, shape), key).result(0);
  }

  /** From the hash of an even index to u, a multiple of 2^-24 in (0, 1]. */
  public static float radiusDraw(int hash) {
    return ((hash >> 8 & 0xffffff) + 1) * 0x1p-24f;
  }

  /** From the hash of an odd index to t / (2 pi), a multiple of 2^-24 in [0, 1). */
  public static float turnDraw(int hash) {
    return (hash >> 8 & 0xffffff) * 0x1p-24f;
  }

  @Override
  public List<String> operandNames() {
    return List.of("key");
  }

  @Override
  public List<TensorType> infer(Operands operands) {
    Dropout.requireKey(operands, 0);
    return List.of(new TensorType(DType.F32, shape));
  }

  @Override
  public Cost cost(Node node) {
    return Cost.streaming(node, 4 * shape.elements());
  }
}
