package org.sigmoe.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.layer.Initializer;
import org.sigmoe.nn.layer.Parameter;

/** Numbers over several steps are held to PyTorch by the golden cases of transformer-xl. */
class AdamWTest {
  private static final Parameter WEIGHT = Parameter.weight("w", Shape.of(2), Initializer.zeros());
  private static final Parameter BIAS = Parameter.undecayed("b", Shape.of(2), Initializer.zeros());

  private final Graph graph = new Graph();

  private Map<Parameter, Value> gradients(Parameter... parameters) {
    Map<Parameter, Value> gradients = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      String name = "gradient of " + parameter.name();
      gradients.put(parameter, graph.input(name, parameter.variable().type()));
    }
    return gradients;
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    assertEquals(new AdamW(0.9, 0.999, 1e-8, 0, Double.POSITIVE_INFINITY), AdamW.adam());
    assertEquals(new AdamW(0.9, 0.999, 1e-8, 0.01, Double.POSITIVE_INFINITY), AdamW.adamW());
  }

  @Test
  void scheduleNumbersFollowTheirFormulas() {
    AdamWSchedule third = AdamWSchedule.of(AdamW.adamW(), 3, 0.5);
    assertEquals(0.5 / (1 - 0.9 * 0.9 * 0.9), third.stepSize(), 1e-12);
    assertEquals(Math.sqrt(1 - 0.999 * 0.999 * 0.999), third.correction(), 1e-12);
    assertEquals(1 - 0.5 * 0.01, third.decay(), 1e-15);
    assertThrows(IllegalArgumentException.class, () -> AdamWSchedule.of(AdamW.adamW(), 0, 0.5));
  }

  @Test
  void stateIsNamedAfterItsParameter() {
    AdamWUpdate update = AdamW.adamW().append(gradients(WEIGHT, BIAS));
    assertEquals(
        List.of("w.exp_avg", "w.exp_avg_sq", "b.exp_avg", "b.exp_avg_sq"),
        update.stateVariables().stream().map(Variable::name).toList());
  }

  @Test
  void everyNodeBelongsToTheUpdate() {
    AdamW.adamW().append(gradients(WEIGHT, BIAS));
    assertTrue(graph.nodes().stream().allMatch(node -> node.phase() == Node.Phase.UPDATE));
  }

  @Test
  void firstStepClipsByTheNormOfAllGradientsAndDecaysWeightsOnly() {
    Map<Parameter, Value> gradients = gradients(WEIGHT, BIAS);
    AdamWUpdate update = AdamW.adamW().withWeightDecay(0.5).withMaxNorm(1).append(gradients);
    try (Engine engine = Engines.open("reference", EngineOptions.defaults());
        Arena arena = Arena.ofConfined()) {
      write(engine, arena, WEIGHT.variable(), 10, 20);
      write(engine, arena, BIAS.variable(), 10, 20);
      try (Program program = engine.compile(graph)) {
        program.feed(gradients.get(WEIGHT), 3f, 0f);
        program.feed(gradients.get(BIAS), 0f, -4f);
        update.feed(program, 1, 0.1);
        program.run();
        assertEquals(5, program.fetchFloats(update.gradientNorm())[0], 1e-5);
      }
      // The first step of Adam is the learning rate, whatever the size of the gradient.
      assertEquals(10 * (1 - 0.1 * 0.5) - 0.1, read(engine, arena, WEIGHT.variable(), 0), 1e-5);
      assertEquals(20 * (1 - 0.1 * 0.5), read(engine, arena, WEIGHT.variable(), 1), 1e-5);
      assertEquals(10, read(engine, arena, BIAS.variable(), 0), 1e-5);
      assertEquals(20 + 0.1, read(engine, arena, BIAS.variable(), 1), 1e-5);
      // Clipping to norm 1 divides gradients by 5; the running mean takes a tenth of that.
      Variable mean = update.moments().getFirst().mean();
      assertEquals(0.1 * 3 / 5, read(engine, arena, mean, 0), 1e-6);
    }
  }

  @Test
  void anUnusedParameterHasNoGradientToStepAlong() {
    Parameter unused = Parameter.unused("u", Shape.of(1), Initializer.zeros());
    assertThrows(IllegalArgumentException.class, () -> AdamW.adam().append(gradients(unused)));
    assertThrows(IllegalArgumentException.class, () -> AdamW.adam().append(Map.of()));
  }

  @Test
  void valuesOutOfRangeAreRefusedByName() {
    assertRefused("beta1:", () -> new AdamW(1, 0.999, 1e-8, 0, 1));
    assertRefused("beta2:", () -> new AdamW(0.9, -0.1, 1e-8, 0, 1));
    assertRefused("epsilon:", () -> new AdamW(0.9, 0.999, Double.NaN, 0, 1));
    assertRefused("weightDecay:", () -> AdamW.adam().withWeightDecay(-1));
    assertRefused("maxNorm:", () -> AdamW.adam().withMaxNorm(0));
  }

  private static void assertRefused(String beginning, Runnable construction) {
    String message = assertThrows(IllegalArgumentException.class, construction::run).getMessage();
    assertTrue(message.startsWith(beginning), message);
  }

  private static void write(Engine engine, Arena arena, Variable variable, float... elements) {
    engine.write(variable, arena.allocateFrom(ValueLayout.JAVA_FLOAT, elements));
  }

  private static float read(Engine engine, Arena arena, Variable variable, int index) {
    MemorySegment elements = arena.allocate(variable.type().bytes(), Float.BYTES);
    engine.read(variable, elements);
    return elements.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }
}
