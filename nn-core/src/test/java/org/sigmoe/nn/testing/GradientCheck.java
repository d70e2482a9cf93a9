package org.sigmoe.nn.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.sigmoe.nn.engine.reference.ReferenceEngine;
import org.sigmoe.nn.engine.reference.ReferenceProgram;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;

/**
 * Gradients of a case against central finite differences, both in double on the reference engine.
 * The loss is the sum of all results, each element weighted by a random number.
 */
final class GradientCheck {
  /** Allowed difference, as a fraction of the gradient's largest element. */
  private static final double TOLERANCE = 1e-6;

  /** Balances the error of the difference (its square) and of rounding (its inverse). */
  private static final double STEP = 1e-5;

  /** Elements of an operand that are moved one at a time, at most; larger operands are sampled. */
  private static final int SINGLES = 40;

  /** Work that may be spent on moving elements of one operand one at a time. */
  private static final long FLOPS = 200_000_000;

  /** Directions in which all elements of an operand are moved at once. */
  private static final int DIRECTIONS = 3;

  private final OpCase test;
  private final RandomGenerator random;
  private final Map<String, double[]> contents = new LinkedHashMap<>();
  private final List<double[]> weights = new ArrayList<>();

  private GradientCheck(OpCase test) {
    this.test = test;
    this.random = new SplittableRandom(test.name().hashCode());
    for (OpCase.Operand operand : test.operands()) {
      int count = Math.toIntExact(operand.type().shape().elements());
      contents.put(operand.name(), operand.fill().elements(count, random));
    }
  }

  static void check(OpCase test) {
    new GradientCheck(test).check();
  }

  private void check() {
    Graph graph = new Graph();
    Map<String, Value> operands = inputs(graph);
    List<Value> results = test.apply().apply(operands);
    Map<Value, Value> cotangents = new LinkedHashMap<>();
    for (Value result : results) {
      int count = Math.toIntExact(result.shape().elements());
      weights.add(Fill.normal(1).elements(count, random));
      cotangents.put(result, graph.input("d" + result.name(), result.type()));
    }
    List<String> names =
        test.operands().stream()
            .filter(operand -> operand.role() == OpCase.Role.DIFFERENTIABLE)
            .map(OpCase.Operand::name)
            .toList();
    List<Value> gradients = Gradients.of(cotangents, names.stream().map(operands::get).toList());
    gradients.forEach(graph::output);
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(graph);
        Loss loss = new Loss()) {
      contents.forEach((name, elements) -> program.feed(operands.get(name), elements));
      for (int i = 0; i < results.size(); i++) {
        program.feed(cotangents.get(results.get(i)), weights.get(i));
      }
      program.run();
      for (int i = 0; i < names.size(); i++) {
        check(names.get(i), program.fetch(gradients.get(i)), loss);
      }
    }
  }

  private Map<String, Value> inputs(Graph graph) {
    Map<String, Value> inputs = new LinkedHashMap<>();
    for (OpCase.Operand operand : test.operands()) {
      inputs.put(operand.name(), graph.input(operand.name(), operand.type()));
    }
    return inputs;
  }

  private void check(String operand, double[] gradient, Loss loss) {
    double largest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
    int count = gradient.length;
    int affordable = Math.clamp(FLOPS / (2 * loss.flops()), 2, SINGLES);
    int[] singles =
        count <= affordable
            ? IntStream.range(0, count).toArray()
            : random.ints(affordable, 0, count).toArray();
    for (int index : singles) {
      double[] direction = new double[count];
      direction[index] = 1;
      compare(
          operand + "[" + index + "]", gradient[index], largest, loss.slope(operand, direction));
    }
    double norm = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
    for (int i = 0; i < DIRECTIONS; i++) {
      double[] direction = new double[count];
      Arrays.setAll(direction, _ -> (random.nextBoolean() ? 1 : -1) / Math.sqrt(count));
      double expected = 0;
      for (int j = 0; j < count; j++) {
        expected += direction[j] * gradient[j];
      }
      compare(operand + " along a line", expected, norm, loss.slope(operand, direction));
    }
  }

  private void compare(String where, double gradient, double size, double slope) {
    double allowed = TOLERANCE * Math.max(size, test.magnitude());
    if (!(Math.abs(gradient - slope) <= allowed)) {
      Assertions.fail(
          "Gradient for %s is %s, finite differences say %s: allowed are %.3g"
              .formatted(where, gradient, slope, allowed));
    }
  }

  /** The loss as a function of the operands, without backward pass. */
  private final class Loss implements AutoCloseable {
    private final Graph graph = new Graph();
    private final Map<String, Value> operands = inputs(graph);
    private final List<Value> results = test.apply().apply(operands);
    private final ReferenceEngine engine = new ReferenceEngine();
    private final ReferenceProgram program;

    Loss() {
      results.forEach(graph::output);
      program = engine.compile(graph);
      contents.forEach((name, elements) -> program.feed(operands.get(name), elements));
    }

    long flops() {
      return 1 + graph.nodes().stream().mapToLong(node -> node.cost().flops()).sum();
    }

    /** Rate of change when an operand moves along {@code direction}. */
    double slope(String operand, double[] direction) {
      double above = at(operand, direction, STEP);
      double below = at(operand, direction, -STEP);
      program.feed(operands.get(operand), contents.get(operand));
      return (above - below) / (2 * STEP);
    }

    private double at(String operand, double[] direction, double distance) {
      double[] moved = contents.get(operand).clone();
      for (int i = 0; i < moved.length; i++) {
        moved[i] += distance * direction[i];
      }
      program.feed(operands.get(operand), moved);
      program.run();
      double loss = 0;
      for (int i = 0; i < results.size(); i++) {
        double[] result = program.fetch(results.get(i));
        for (int j = 0; j < result.length; j++) {
          loss += weights.get(i)[j] * result[j];
        }
      }
      return loss;
    }

    @Override
    public void close() {
      program.close();
      engine.close();
    }
  }
}
