package org.sigmoe.nn.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.ShiftMemory;
import org.sigmoe.nn.testing.TestedEngines;

/** What {@link Engine} and {@link Program} promise, asked of every engine at hand. */
class EngineContractTest {

  static Stream<String> engines() {
    return TestedEngines.atHand().stream().map(EngineProvider::name);
  }

  private static Engine open(String name) {
    return Engines.open(name, TestedEngines.options(name).withThreads(2));
  }

  /** Without another engine, no test of an op compares anything. */
  @Test
  void anEngineIsAtHandBesideTheReference() {
    assertTrue(engines().anyMatch(name -> !name.equals("reference")));
    assertTrue(Engines.providers().stream().anyMatch(it -> it.name().equals("reference")));
  }

  @Test
  void anUnknownNameIsRefusedWithThoseAtHand() {
    EngineException thrown =
        assertThrows(EngineException.class, () -> Engines.open("abacus", EngineOptions.defaults()));
    assertTrue(thrown.getMessage().contains("abacus"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("reference"), thrown.getMessage());
  }

  @Test
  void zeroThreadsAreRefused() {
    EngineOptions options = EngineOptions.defaults();
    assertThrows(IllegalArgumentException.class, () -> options.withThreads(0));
  }

  @ParameterizedTest
  @MethodSource("engines")
  void anUnknownDeviceIsRefused(String name) {
    EngineOptions options =
        new EngineOptions(
            1, Precision.F32, Optional.of("no such"), EngineOptions.BufferFill.AS_THEY_ARE);
    EngineException thrown = assertThrows(EngineException.class, () -> Engines.open(name, options));
    assertTrue(thrown.getMessage().contains("no such"), thrown.getMessage());
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everyUsableDeviceThatItListsCanBeChosen(String name) {
    for (EngineDevice device : Engines.available(name).devices()) {
      assertFalse(device.description().isBlank());
      assertTrue(device.memoryBytes() > 0, device::toString);
      if (device.name().isPresent() && device.unusable().isEmpty()) {
        EngineOptions options = EngineOptions.defaults().withDevice(device.name().get());
        try (Engine engine = Engines.open(name, options)) {
          assertTrue(engine.description().contains(device.name().get()), engine.description());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void describesItself(String name) {
    try (Engine engine = open(name)) {
      assertTrue(engine.description().contains(name), engine.description());
    }
  }

  /** sum = x + parameter; parameter is then replaced by x. */
  private static final class Sum {
    final Graph graph = new Graph();
    final Variable parameter;
    final Value x = graph.input("x", TensorType.f32(1, 3, 1));
    final Value sum;

    Sum(Variable parameter) {
      this.parameter = parameter;
      Value old = graph.read(parameter);
      sum = graph.output(Add.of(x, old));
    }

    Sum replacing() {
      ShiftMemory.of(graph.read(parameter), x);
      return this;
    }
  }

  private static Variable parameter() {
    return new Variable("parameter", TensorType.f32(1, 3, 1));
  }

  private static float[] fetch(Program program, Value value) {
    float[] elements = new float[Math.toIntExact(value.shape().elements())];
    program.fetch(value, MemorySegment.ofArray(elements));
    return elements;
  }

  private static MemorySegment floats(float... elements) {
    return MemorySegment.ofArray(elements);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void variablesAreZeroUntilWritten(String name) {
    Sum sum = new Sum(parameter());
    try (Engine engine = open(name);
        Program program = engine.compile(sum.graph)) {
      float[] contents = {7, 7, 7};
      engine.read(sum.parameter, MemorySegment.ofArray(contents));
      assertArrayEquals(new float[3], contents);
      program.feed(sum.x, floats(1, 2, 3));
      program.run();
      assertArrayEquals(new float[] {1, 2, 3}, fetch(program, sum.sum));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void programsShareVariables(String name) {
    Variable parameter = parameter();
    Sum training = new Sum(parameter).replacing();
    Sum evaluation = new Sum(parameter);
    try (Engine engine = open(name);
        Program train = engine.compile(training.graph);
        Program evaluate = engine.compile(evaluation.graph)) {
      engine.write(parameter, floats(10, 20, 30));
      train.feed(training.x, floats(1, 2, 3));
      evaluate.feed(evaluation.x, floats(0, 0, 0));
      train.run();
      assertArrayEquals(new float[] {11, 22, 33}, fetch(train, training.sum));
      evaluate.run();
      assertArrayEquals(new float[] {1, 2, 3}, fetch(evaluate, evaluation.sum));
      engine.write(parameter, floats(-1, -2, -3));
      evaluate.run();
      assertArrayEquals(new float[] {-1, -2, -3}, fetch(evaluate, evaluation.sum));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aProgramRunsAfterAnotherWasClosed(String name) {
    Sum kept = new Sum(parameter());
    Sum passing = new Sum(parameter());
    try (Engine engine = open(name);
        Program program = engine.compile(kept.graph)) {
      program.feed(kept.x, floats(1, 2, 3));
      for (int i = 0; i < 2; i++) {
        try (Program other = engine.compile(passing.graph)) {
          other.feed(passing.x, floats(4, 5, 6));
          other.run();
          assertArrayEquals(new float[] {4, 5, 6}, fetch(other, passing.sum));
        }
        program.run();
        assertArrayEquals(new float[] {1, 2, 3}, fetch(program, kept.sum));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void variablesOfOneNameAreTwo(String name) {
    Variable one = parameter();
    Variable other = parameter();
    try (Engine engine = open(name)) {
      engine.write(one, floats(1, 2, 3));
      engine.write(other, floats(4, 5, 6));
      float[] contents = new float[3];
      engine.read(one, MemorySegment.ofArray(contents));
      assertArrayEquals(new float[] {1, 2, 3}, contents);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void inputsKeepTheirContentsFromRunToRun(String name) {
    Graph graph = new Graph();
    Value a = graph.input("a", TensorType.f32(2));
    Value b = graph.input("b", TensorType.f32(2));
    Value sum = graph.output(Add.of(a, b));
    try (Engine engine = open(name);
        Program program = engine.compile(graph)) {
      program.feed(a, floats(1, 2));
      program.feed(b, floats(10, 20));
      program.run();
      program.feed(b, floats(30, 40));
      program.run();
      assertArrayEquals(new float[] {31, 42}, fetch(program, sum));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void constantsAreReadAtCompilation(String name) {
    Graph graph = new Graph();
    Value a = graph.input("a", TensorType.f32(2));
    Value constant = graph.constant("constant", Shape.of(2), () -> new float[] {0.5f, -0.5f});
    Value sum = graph.output(Add.of(a, constant));
    try (Engine engine = open(name);
        Program program = engine.compile(graph)) {
      program.feed(a, floats(1, 2));
      program.run();
      program.run();
      assertArrayEquals(new float[] {1.5f, 1.5f}, fetch(program, sum));
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aConstantOfTheWrongSizeIsRefusedByName(String name) {
    Graph graph = new Graph();
    Value a = graph.input("a", TensorType.f32(2));
    graph.output(Add.of(a, graph.constant("table", Shape.of(2), () -> new float[3])));
    try (Engine engine = open(name)) {
      IllegalArgumentException thrown =
          assertThrows(IllegalArgumentException.class, () -> engine.compile(graph).close());
      assertTrue(thrown.getMessage().contains("table"), thrown.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void memoryOfTheWrongSizeIsRefusedByName(String name) {
    Sum sum = new Sum(parameter());
    try (Engine engine = open(name);
        Program program = engine.compile(sum.graph)) {
      program.feed(sum.x, floats(1, 2, 3));
      program.run();
      for (MemorySegment wrong : List.of(floats(1, 2), floats(1, 2, 3, 4))) {
        assertNames("parameter", () -> engine.write(sum.parameter, wrong));
        assertNames("parameter", () -> engine.read(sum.parameter, wrong));
        assertNames("x", () -> program.feed(sum.x, wrong));
        assertNames("Add", () -> program.fetch(sum.sum, wrong));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void onlyInputsAreFed(String name) {
    Sum sum = new Sum(parameter());
    Value foreign = new Graph().input("foreign", TensorType.f32(1, 3, 1));
    try (Engine engine = open(name);
        Program program = engine.compile(sum.graph)) {
      assertNames("Add", () -> program.feed(sum.sum, floats(1, 2, 3)));
      assertNames("foreign", () -> program.feed(foreign, floats(1, 2, 3)));
    }
  }

  private static void assertNames(String what, Runnable call) {
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, call::run);
    assertTrue(thrown.getMessage().contains(what), thrown.getMessage());
  }

  @ParameterizedTest
  @MethodSource("engines")
  void saysHowMuchMemoryAProgramHolds(String name) {
    Sum sum = new Sum(parameter());
    try (Engine engine = open(name);
        Program program = engine.compile(sum.graph)) {
      // x and sum; the parameter is the engine's.
      assertTrue(program.bytes() >= 2 * 3 * Float.BYTES, "bytes: " + program.bytes());
    }
  }

  /** An op of ten terabytes: nothing must be allocated before the sizes are known. */
  @ParameterizedTest
  @MethodSource("engines")
  void tooMuchMemoryIsRefusedWithTheNumber(String name) {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(1_000_000, 1_000_000));
    graph.output(Add.of(x, x));
    try (Engine engine = open(name)) {
      EngineException thrown =
          assertThrows(EngineException.class, () -> engine.compile(graph).close());
      assertFalse(thrown.getMessage().isBlank());
      assertTrue(thrown.getMessage().matches("(?s).*\\d.*"), thrown.getMessage());
    }
  }

  @Test
  void optionsAreChangedOneAtATime() {
    EngineOptions options =
        EngineOptions.defaults()
            .withThreads(3)
            .withPrecision(Precision.BF16)
            .withBuffers(EngineOptions.BufferFill.POISON);
    assertEquals(
        new EngineOptions(3, Precision.BF16, Optional.empty(), EngineOptions.BufferFill.POISON),
        options);
    assertEquals("bf16", options.precision().toString());
  }
}
