package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.engine.reference.ReferenceEngine;
import org.sigmoe.nn.engine.reference.ReferenceProgram;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;

class ShiftMemoryTest {
  private static final int RUNS = 5;

  @TestFactory
  Stream<DynamicNode> shorterThanTheSegment() {
    return shifts(new int[][] {{1, 1, 2, 1}, {2, 3, 7, 5}, {3, 31, 33, 17}, {2, 64, 100, 65}});
  }

  @TestFactory
  Stream<DynamicNode> asLongAsTheSegment() {
    return shifts(new int[][] {{1, 1, 1, 1}, {3, 7, 7, 15}, {4, 64, 64, 128}});
  }

  @TestFactory
  Stream<DynamicNode> severalSegmentsLong() {
    return shifts(new int[][] {{2, 6, 2, 3}, {3, 64, 32, 33}, {1, 41, 1, 7}});
  }

  @TestFactory
  Stream<DynamicNode> longerThanTheSegmentAndNoMultipleOfIt() {
    return shifts(new int[][] {{1, 3, 2, 1}, {2, 17, 5, 31}, {3, 100, 41, 65}, {4, 129, 64, 128}});
  }

  /** Each with B, M, T and C, over several segments. */
  private static Stream<DynamicNode> shifts(int[][] sizes) {
    return Stream.of(sizes)
        .flatMap(
            size ->
                OpTests.of(
                    "B=%d M=%d T=%d C=%d".formatted(size[0], size[1], size[2], size[3]),
                    scenario(size[0], size[1], size[2], size[3])));
  }

  /** The memory is read in the same run, and must then hold what it held before. */
  private static Scenario scenario(int batch, int memory, int context, int columns) {
    Graph graph = new Graph();
    Variable variable = new Variable("memory", TensorType.f32(batch, memory, columns));
    Value old = graph.read(variable);
    Value x = graph.input("x", TensorType.f32(batch, context, columns));
    ShiftMemory.of(old, x);
    graph.output(Add.of(old, old));
    Scenario scenario = new Scenario(graph);
    SplittableRandom random = new SplittableRandom(memory);
    for (int run = 0; run < RUNS; run++) {
      scenario.step().feed(x, Fill.normal(1).elements(batch * context * columns, random));
    }
    return scenario;
  }

  @Test
  void keepsTheLastRowsOfMemoryFollowedByTheSegment() {
    Graph graph = new Graph();
    Variable memory = new Variable("memory", TensorType.f32(2, 3, 1));
    Value x = graph.input("x", TensorType.f32(2, 2, 1));
    ShiftMemory.of(graph.read(memory), x);
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(graph)) {
      engine.write(memory, new double[] {1, 2, 3, -1, -2, -3});
      program.feed(x, new double[] {4, 5, -4, -5});
      program.run();
      assertArrayEquals(new double[] {3, 4, 5, -3, -4, -5}, engine.read(memory));
      program.feed(x, new double[] {6, 7, -6, -7});
      program.run();
      assertArrayEquals(new double[] {5, 6, 7, -5, -6, -7}, engine.read(memory));
    }
  }

  @Test
  void aMemoryShorterThanTheSegmentHoldsItsLastRows() {
    Graph graph = new Graph();
    Variable memory = new Variable("memory", TensorType.f32(1, 2, 1));
    Value x = graph.input("x", TensorType.f32(1, 3, 1));
    ShiftMemory.of(graph.read(memory), x);
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(graph)) {
      program.feed(x, new double[] {4, 5, 6});
      program.run();
      assertArrayEquals(new double[] {5, 6}, engine.read(memory));
    }
  }
}
