package org.sigmoe.nn.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.graph.op.Add;

/** How the operands and results of a case lie in memory when it is put to an engine. */
public enum Layout {
  /** Operands are inputs; results and gradients are outputs. */
  INPUTS,
  /**
   * Operands are results of other nodes that nothing else reads, and so are results and gradients
   * of the case: the op may run in place, and its buffers are used again by others.
   */
  TEMPORARIES,
  /** Float operands are variables, which an engine may keep in another form. */
  VARIABLES;

  private static final int RUNS = 2;

  /** The case with its gradients, run several times with other contents each time. */
  public Scenario scenario(OpCase test) {
    return new Assembly(this, test).scenario();
  }

  /** The graph of a case while it is put together. */
  private static final class Assembly {
    private final Layout layout;
    private final OpCase test;
    private final Graph graph = new Graph();
    private final Map<Value, Fill> fed = new LinkedHashMap<>();
    private final Map<Variable, Fill> written = new LinkedHashMap<>();

    Assembly(Layout layout, OpCase test) {
      this.layout = layout;
      this.test = test;
    }

    Scenario scenario() {
      Map<String, Value> operands = new LinkedHashMap<>();
      List<Value> differentiable = new ArrayList<>();
      for (OpCase.Operand operand : test.operands()) {
        Value value = operand(operand);
        operands.put(operand.name(), value);
        if (operand.role() == OpCase.Role.DIFFERENTIABLE) {
          differentiable.add(value);
        }
      }
      List<Value> results = test.apply().apply(operands);
      if (!differentiable.isEmpty()) {
        Map<Value, Value> cotangents = new LinkedHashMap<>();
        for (Value result : results) {
          cotangents.put(result, temporary(input("d" + result.name(), result.type())));
        }
        Gradients.of(cotangents, differentiable)
            .forEach(gradient -> graph.output(temporary(gradient)));
      }
      results.forEach(result -> graph.output(temporary(result)));
      return fill();
    }

    private Value operand(OpCase.Operand operand) {
      if (layout == VARIABLES && operand.type().dtype() == DType.F32) {
        Variable variable = new Variable(operand.name(), operand.type());
        written.put(variable, operand.fill());
        return graph.read(variable);
      }
      Value value = graph.input(operand.name(), operand.type());
      fed.put(value, operand.fill());
      return operand.type().dtype() == DType.F32 ? temporary(value) : value;
    }

    private Value input(String name, TensorType type) {
      Value value = graph.input(name, type);
      fed.put(value, Fill.normal(1));
      return value;
    }

    private Value temporary(Value value) {
      if (layout != TEMPORARIES) {
        return value;
      }
      int count = Math.toIntExact(value.shape().elements());
      return Add.of(value, graph.constant("zeros", value.shape(), () -> new float[count]));
    }

    private Scenario fill() {
      Scenario scenario = new Scenario(graph, test.magnitude());
      RandomGenerator random = new SplittableRandom(test.name().hashCode());
      for (int run = 0; run < RUNS; run++) {
        Scenario.Step step = scenario.step();
        fed.forEach((value, fill) -> step.feed(value, draw(value.type(), fill, random)));
        written.forEach(
            (variable, fill) -> step.write(variable, draw(variable.type(), fill, random)));
      }
      return scenario;
    }

    private static double[] draw(TensorType type, Fill fill, RandomGenerator random) {
      return fill.elements(Math.toIntExact(type.shape().elements()), random);
    }
  }
}
