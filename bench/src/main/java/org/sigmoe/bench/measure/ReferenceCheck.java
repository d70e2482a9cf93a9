package org.sigmoe.bench.measure;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.bench.work.LayerWork;
import org.sigmoe.bench.work.OpWork;
import org.sigmoe.bench.work.StepWork;
import org.sigmoe.bench.work.TimedGraph;
import org.sigmoe.bench.work.Work;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;

/**
 * Whether an engine computes a work as the reference does, which takes loops in double and would
 * need minutes at full size: {@link Sizes#reduced} of the same shape are compared. Whole training
 * steps are held to the reference by the tests of the engines.
 *
 * <p>Where a precision rounds, what goes in is rounded beforehand, for both: a unit near zero,
 * which ReLU passes or not, is then the same in both, or the gradients of a few units would say
 * nothing of the rest. And a router may select another expert for a token of which two are nearly
 * alike. In such a work only the tensors are compared that have a row for each token, and a tenth
 * of the rows may differ.
 */
final class ReferenceCheck {
  /** Largest error over the tensor's largest element, as in the tests of the ops. */
  private static final double F32_TOLERANCE = 2e-5;

  private static final double ROUNDED_TOLERANCE = 2e-2;
  private static final double ROWS_THAT_MAY_DIFFER = 0.1;
  private static final long SEED = 3;

  private final EngineChoice choice;

  ReferenceCheck(EngineChoice choice) {
    this.choice = choice;
  }

  /**
   * The largest error, relative to the largest element of its tensor; empty where nothing is
   * compared.
   *
   * @throws IllegalStateException if it is too large
   */
  Optional<Double> check(Work work, Sizes sizes) {
    Sizes small = sizes.reduced();
    return switch (work) {
      case OpWork op -> Optional.of(check(op.timed(small, SEED), op.label(), op == OpWork.ROUTER));
      case LayerWork layer ->
          Optional.of(
              check(layer.block(small, SEED).timed(), layer.label(), layer.family().selects()));
      case StepWork _ -> Optional.empty();
    };
  }

  private double check(TimedGraph timed, String label, boolean selects) {
    boolean rounds = choice.precision() != Precision.F32;
    double tolerance = rounds ? ROUNDED_TOLERANCE : F32_TOLERANCE;
    boolean byRow = rounds && selects;
    if (rounds) {
      timed.round();
    }
    List<float[]> expected;
    try (Engine reference = Engines.open("reference", EngineOptions.defaults())) {
      expected = results(timed, reference);
    }
    List<float[]> actual;
    try (Engine engine = choice.open()) {
      actual = results(timed, engine);
    }
    List<Value> values = timed.graph().outputs();
    int rows = values.isEmpty() ? 0 : values.getFirst().shape().rows();
    double worst = 0;
    for (int i = 0; i < expected.size(); i++) {
      if (byRow && (i >= values.size() || values.get(i).shape().rows() != rows)) {
        continue;
      }
      int columns = byRow ? values.get(i).shape().columns() : expected.get(i).length;
      worst = Math.max(worst, error(expected.get(i), actual.get(i), columns));
    }
    if (!(worst <= tolerance)) {
      throw new IllegalStateException(
          "%s on %s differs from the reference by %.2g of a tensor's largest element, more than %.2g: its time means nothing"
              .formatted(label, choice, worst, tolerance));
    }
    return worst;
  }

  /** Outputs, then the variables that were updated. */
  private static List<float[]> results(TimedGraph timed, Engine engine) {
    timed.fill(engine);
    try (Program program = engine.compile(timed.graph());
        Arena arena = Arena.ofConfined()) {
      timed.feed(program);
      program.run();
      List<float[]> results = new ArrayList<>();
      for (Value value : timed.graph().outputs()) {
        MemorySegment elements = arena.allocate(value.type().bytes(), Float.BYTES);
        program.fetch(value, elements);
        results.add(numbers(value.type().dtype(), elements));
      }
      for (Variable variable : timed.updated()) {
        MemorySegment elements = arena.allocate(variable.type().bytes(), Float.BYTES);
        engine.read(variable, elements);
        results.add(elements.toArray(JAVA_FLOAT));
      }
      return results;
    }
  }

  /** Integers count as numbers: they are indices, too small to be rounded. */
  private static float[] numbers(DType type, MemorySegment elements) {
    return switch (type) {
      case F32 -> elements.toArray(JAVA_FLOAT);
      case I32 -> {
        int[] integers = elements.toArray(JAVA_INT);
        float[] numbers = new float[integers.length];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = integers[i];
        }
        yield numbers;
      }
    };
  }

  /**
   * The largest error of a row, relative to the tensor's largest element, but for the share of rows
   * that may differ where there are several.
   */
  static double error(float[] expected, float[] actual, int columns) {
    double largest = 1e-30;
    double[] errors = new double[Math.max(1, expected.length / columns)];
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double error = Math.abs(expected[i] - actual[i]);
      int row = i / columns;
      errors[row] = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(errors[row], error);
    }
    Arrays.sort(errors);
    int kept = errors.length - 1 - (int) (ROWS_THAT_MAY_DIFFER * errors.length);
    return errors[kept] / largest;
  }
}
