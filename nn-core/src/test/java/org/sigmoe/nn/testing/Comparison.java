package org.sigmoe.nn.testing;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assertions;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.engine.reference.ReferenceEngine;
import org.sigmoe.nn.engine.reference.ReferenceProgram;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Op;
import org.sigmoe.nn.graph.op.ProductKeyScores;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.ScatterMatMul;

/**
 * An engine beside the reference: after each run of a scenario every output and every variable is
 * compared in full. Floats may differ by a fraction of the tensor's largest element, integers not
 * at all.
 */
public final class Comparison {
  /** For f32, and in any precision for a graph without matrix products. */
  public static final double F32_TOLERANCE = 2e-5;

  /** For matrix products whose operands are rounded to fewer bits. */
  public static final double ROUNDED_TOLERANCE = 2e-2;

  private final Scenario scenario;
  private final List<Map<Object, double[]>> expected = new ArrayList<>();

  /** Of any number of engines with the reference, which runs once. */
  public Comparison(Scenario scenario) {
    this.scenario = scenario;
  }

  /** Runs the scenario and fails on the first tensor that differs. */
  public void check(Candidate candidate) {
    check(candidate, _ -> true);
  }

  /** Like {@link #check(Candidate)}, but leaves out the variables that are not {@code compared}. */
  public void check(Candidate candidate, Predicate<Variable> compared) {
    if (expected.isEmpty()) {
      runReference();
    }
    Graph graph = scenario.graph();
    Tolerance tolerance = tolerance(candidate);
    try (Engine engine = candidate.open();
        Program program = engine.compile(graph)) {
      for (int run = 0; run < scenario.steps().size(); run++) {
        run(scenario.steps().get(run), engine, program);
        Map<Object, double[]> truth = expected.get(run);
        String where = " in run " + run;
        for (Value output : graph.outputs()) {
          double[] actual = fetch(program, output);
          tolerance.check(output + where, output.type(), truth.get(output), actual);
        }
        for (Variable variable : graph.variables().stream().filter(compared).toList()) {
          double[] actual = read(engine, variable);
          tolerance.check(variable + where, variable.type(), truth.get(variable), actual);
        }
      }
    }
  }

  private void runReference() {
    Graph graph = scenario.graph();
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(graph)) {
      for (Scenario.Step step : scenario.steps()) {
        step.writes().forEach(engine::write);
        step.feeds().forEach(program::feed);
        program.run();
        Map<Object, double[]> truth = new IdentityHashMap<>();
        graph.outputs().forEach(output -> truth.put(output, program.fetch(output)));
        graph.variables().forEach(variable -> truth.put(variable, engine.read(variable)));
        expected.add(truth);
      }
    }
  }

  private Tolerance tolerance(Candidate candidate) {
    boolean rounded = candidate.options().precision() != Precision.F32;
    double relative = rounded && hasProducts(scenario.graph()) ? ROUNDED_TOLERANCE : F32_TOLERANCE;
    return new Tolerance(relative, scenario.magnitude());
  }

  private static boolean hasProducts(Graph graph) {
    return graph.nodes().stream().anyMatch(node -> isProduct(node.op()));
  }

  private static boolean isProduct(Op op) {
    return op instanceof MatMul
        || op instanceof RelativeAttention
        || op instanceof GatherMatMul
        || op instanceof ScatterMatMul
        || op instanceof GroupedOuterProduct
        || op instanceof ProductKeyScores;
  }

  /** Sets what the step says and runs the program. */
  public static void run(Scenario.Step step, Engine engine, Program program) {
    for (Map.Entry<Variable, double[]> write : step.writes().entrySet()) {
      Variable variable = write.getKey();
      engine.write(variable, toSegment(variable.type(), write.getValue()));
    }
    for (Map.Entry<Value, double[]> feed : step.feeds().entrySet()) {
      program.feed(feed.getKey(), toSegment(feed.getKey().type(), feed.getValue()));
    }
    program.run();
  }

  /** An output, as doubles. */
  public static double[] fetch(Program program, Value output) {
    MemorySegment segment = poisoned(output.type());
    program.fetch(output, segment);
    return toDoubles(output.type(), segment);
  }

  /** The contents of a variable, as doubles. */
  public static double[] read(Engine engine, Variable variable) {
    MemorySegment segment = poisoned(variable.type());
    engine.read(variable, segment);
    return toDoubles(variable.type(), segment);
  }

  private static MemorySegment poisoned(TensorType type) {
    MemorySegment segment = MemorySegment.ofArray(new byte[Math.toIntExact(type.bytes())]);
    return segment.fill((byte) 0xff);
  }

  private static ByteBuffer buffer(MemorySegment segment) {
    return segment.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  private static MemorySegment toSegment(TensorType type, double[] elements) {
    MemorySegment segment = poisoned(type);
    ByteBuffer buffer = buffer(segment);
    for (double element : elements) {
      if (type.dtype() == DType.F32) {
        buffer.putFloat((float) element);
      } else {
        buffer.putInt((int) element);
      }
    }
    Assertions.assertEquals(0, buffer.remaining(), "elements missing for " + type);
    return segment;
  }

  private static double[] toDoubles(TensorType type, MemorySegment segment) {
    ByteBuffer buffer = buffer(segment);
    double[] elements = new double[Math.toIntExact(type.shape().elements())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = type.dtype() == DType.F32 ? buffer.getFloat() : buffer.getInt();
    }
    return elements;
  }

  /** What a difference is measured against: the largest element, or terms that cancel. */
  private record Tolerance(double relative, double magnitude) {
    void check(String tensor, TensorType type, double[] expected, double[] actual) {
      double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      double allowed = type.dtype() == DType.I32 ? 0 : relative * Math.max(largest, magnitude);
      int worst = 0;
      for (int i = 1; i < expected.length; i++) {
        if (difference(expected[i], actual[i]) > difference(expected[worst], actual[worst])) {
          worst = i;
        }
      }
      double difference = difference(expected[worst], actual[worst]);
      if (difference > allowed) {
        Assertions.fail(
            "%s: element %d is %s, the reference says %s: they differ by %.3g, allowed are %.3g"
                .formatted(tensor, worst, actual[worst], expected[worst], difference, allowed));
      }
    }

    /** A NaN differs infinitely from anything. */
    private static double difference(double expected, double actual) {
      double difference = Math.abs(actual - expected);
      return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }
  }
}
