package org.sigmoe.nn.engine.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.ShiftMemory;

class ReferenceEngineTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.f32(2));
  private final Value twice = Add.of(x, x);
  private final Value mean = graph.output(Mean.of(twice));
  private final Value unused = Mean.of(x);

  @ParameterizedTest
  @EnumSource(names = "F32", mode = EnumSource.Mode.EXCLUDE)
  void roundedPrecisionsAreRefused(Precision precision) {
    EngineOptions options = EngineOptions.defaults().withPrecision(precision);
    EngineException thrown =
        assertThrows(EngineException.class, () -> new ReferenceEngineProvider().open(options));
    assertTrue(thrown.getMessage().contains(precision.toString()), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("f32"), thrown.getMessage());
  }

  @Test
  void computesInDoublePrecision() {
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(graph)) {
      program.feed(x, new double[] {1e-12, 1});
      program.run();
      assertEquals(1 + 1e-12, program.fetch(mean)[0], 0);
    }
  }

  @Test
  void everyValueOfTheRunCanBeFetched() {
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(graph)) {
      program.feed(x, new double[] {3, 4});
      program.run();
      assertArrayEquals(new double[] {6, 8}, program.fetch(twice));
      assertArrayEquals(new double[] {3, 4}, program.fetch(x));
      float[] rounded = new float[2];
      program.fetch(twice, MemorySegment.ofArray(rounded));
      assertArrayEquals(new float[] {6, 8}, rounded);
    }
  }

  @Test
  void whatWasNotComputedCannotBeFetched() {
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(graph)) {
      assertThrows(IllegalStateException.class, () -> program.fetch(mean));
      program.feed(x, new double[] {3, 4});
      program.run();
      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> program.fetch(unused));
      assertTrue(thrown.getMessage().contains(unused.name()), thrown.getMessage());
    }
  }

  @Test
  void anInputThatWasNeverFedIsNamed() {
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(graph)) {
      IllegalStateException thrown = assertThrows(IllegalStateException.class, program::run);
      assertTrue(thrown.getMessage().contains("x f32[2]"), thrown.getMessage());
    }
  }

  @Test
  void aValueOfAnUpdatedVariableKeepsTheOldContents() {
    Graph updating = new Graph();
    Variable memory = new Variable("memory", TensorType.f32(1, 2, 1));
    Value old = updating.read(memory);
    Value next = updating.input("next", TensorType.f32(1, 2, 1));
    ShiftMemory.of(old, next);
    Value sum = updating.output(Add.of(old, next));
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(updating)) {
      engine.write(memory, new double[] {1, 2});
      program.feed(next, new double[] {10, 20});
      program.run();
      assertArrayEquals(new double[] {11, 22}, program.fetch(sum));
      assertArrayEquals(new double[] {1, 2}, program.fetch(old));
      assertArrayEquals(new double[] {10, 20}, engine.read(memory));
    }
  }

  @Test
  void integersAreExact() {
    Graph integers = new Graph();
    Value tokens = integers.input("tokens", TensorType.i32(3));
    try (ReferenceEngine engine = new ReferenceEngine();
        ReferenceProgram program = engine.compile(integers)) {
      int[] extremes = {Integer.MIN_VALUE, -1, Integer.MAX_VALUE};
      program.feed(tokens, MemorySegment.ofArray(extremes));
      int[] back = new int[3];
      program.fetch(tokens, MemorySegment.ofArray(back));
      assertArrayEquals(extremes, back);
    }
  }
}
