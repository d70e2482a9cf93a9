package org.sigmoe.nn.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.sigmoe.nn.graph.Gradients;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Adam;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.AddSquaredNorm;
import org.sigmoe.nn.graph.op.AttentionWindow;
import org.sigmoe.nn.graph.op.ClipFactor;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.DropoutSite;
import org.sigmoe.nn.graph.op.Embedding;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.ShiftMemory;

/**
 * A training step of a small Transformer-XL language model with everything in it: memory,
 * attention, feed-forward, dropout, loss, gradients, clipping and Adam.
 */
public final class TrainingStep {
  /** B. */
  public static final int BATCH = 3;

  /** T. */
  public static final int CONTEXT = 15;

  private static final int MEMORY = 20;
  private static final int HEADS = 3;
  private static final int HEAD_SIZE = 7;
  private static final int WIDTH = HEADS * HEAD_SIZE;
  private static final int MODEL = 33;
  private static final int HIDDEN = 65;
  private static final int VOCABULARY = 50;
  private static final float EPSILON = 1e-5f;

  private final Graph graph = new Graph();
  private final Map<Variable, Value> parameters = new LinkedHashMap<>();
  private final Value tokens = graph.input("tokens", TensorType.i32(BATCH, CONTEXT));
  private final Value targets = graph.input("targets", TensorType.i32(BATCH, CONTEXT));
  private final Value length = graph.input("length", TensorType.i32(1));
  private final Value key = graph.input("key", TensorType.i32(2));
  private final Value schedule = graph.input("schedule", TensorType.f32(3));
  private final Value positions = positions();
  private final Activation activation;
  private final Value loss;
  private int sites;

  /** Of so many layers, with this activation in their feed-forward blocks. */
  public TrainingStep(int layers, Activation activation) {
    this.activation = activation;
    Value h = Embedding.of(parameter("embedding", VOCABULARY, MODEL), tokens);
    for (int layer = 0; layer < layers; layer++) {
      try (Graph.Scope _ = graph.scope("layers." + layer)) {
        h = layer(h);
      }
    }
    Value logits = MatMul.linear(norm(h, "final"), parameter("output", VOCABULARY, MODEL));
    loss = graph.output(Mean.of(CrossEntropy.of(logits, targets)));
    List<Value> gradients = Gradients.of(loss, List.copyOf(parameters.values()));
    try (Graph.Scope _ = graph.phase(Node.Phase.UPDATE)) {
      update(gradients);
    }
  }

  private Value positions() {
    int count = (MEMORY + CONTEXT) * MODEL;
    return graph.constant(
        "positions",
        Shape.of(MEMORY + CONTEXT, MODEL),
        () -> {
          float[] elements = new float[count];
          for (int i = 0; i < count; i++) {
            elements[i] = (float) Math.sin(0.1 * i);
          }
          return elements;
        });
  }

  private Value parameter(String name, int... sizes) {
    Variable variable = new Variable(name, TensorType.f32(sizes));
    Value value = graph.read(variable);
    parameters.put(variable, value);
    return value;
  }

  private Value norm(Value x, String name) {
    Value gain = parameter(name + ".gain", MODEL);
    return LayerNorm.of(x, gain, parameter(name + ".bias", MODEL), EPSILON);
  }

  private DropoutSite site() {
    return new DropoutSite(key, sites++, 0.1f);
  }

  private Value layer(Value h) {
    Value memory = graph.read(new Variable("memory", TensorType.f32(BATCH, MEMORY, MODEL)));
    Value normalised = norm(h, "norm1");
    Value keys = Concat.of(memory, normalised);
    Value attended =
        RelativeAttention.of(
            AttentionWindow.MEMORY,
            MatMul.linear(normalised, parameter("query", WIDTH, MODEL)),
            MatMul.linear(keys, parameter("keyValue", 2 * WIDTH, MODEL)),
            MatMul.linear(positions, parameter("position", WIDTH, MODEL)),
            parameter("contentBias", HEADS, HEAD_SIZE),
            parameter("positionBias", HEADS, HEAD_SIZE),
            parameter("scale", 1),
            length);
    ShiftMemory.of(memory, normalised);
    Value projected = MatMul.linear(attended, parameter("projection", MODEL, WIDTH));
    Value x = AddDropout.of(h, projected, null, site());
    Value up = MatMul.linear(norm(x, "norm2"), parameter("up", HIDDEN, MODEL));
    Value hidden = Activate.of(activation, up, parameter("up.bias", HIDDEN), site());
    Value down = MatMul.linear(hidden, parameter("down", MODEL, HIDDEN));
    return AddDropout.of(x, down, parameter("down.bias", MODEL), site());
  }

  private void update(List<Value> gradients) {
    Value total = graph.constant("zero", Shape.scalar(), () -> new float[1]);
    for (Value gradient : gradients) {
      total = AddSquaredNorm.of(total, gradient);
    }
    Node clip = ClipFactor.of(total, 0.5f);
    graph.output(clip.result(0));
    // Epsilon is large: an update that is the bare sign of a gradient would be one of its rounding.
    Adam adam = new Adam(0.9f, 0.99f, 1e-2f);
    List<Variable> variables = List.copyOf(parameters.keySet());
    for (int i = 0; i < variables.size(); i++) {
      Variable parameter = variables.get(i);
      Value mean = graph.read(new Variable(parameter.name() + ".mean", parameter.type()));
      Value square = graph.read(new Variable(parameter.name() + ".meanSquare", parameter.type()));
      Value value = parameters.get(parameter);
      graph.apply(adam, value, mean, square, gradients.get(i), clip.result(1), schedule);
    }
  }

  /** The graph. */
  public Graph graph() {
    return graph;
  }

  /** What is trained. */
  public Set<Variable> parameters() {
    return parameters.keySet();
  }

  /** The loss, an output. */
  public Value loss() {
    return loss;
  }

  /** Several steps from random parameters, the memory filling up on the way. */
  public Scenario scenario(int steps) {
    Scenario scenario = new Scenario(graph);
    RandomGenerator random = new SplittableRandom(7);
    List<double[]> initial = new ArrayList<>();
    for (Variable parameter : parameters.keySet()) {
      boolean gain = parameter.name().endsWith("gain") || parameter.name().equals("scale");
      Fill fill = gain ? Fill.uniform(0.3, 0.6) : Fill.normal(0.2);
      initial.add(fill.elements(Math.toIntExact(parameter.shape().elements()), random));
    }
    for (int t = 1; t <= steps; t++) {
      Scenario.Step step =
          scenario
              .step()
              .feed(tokens, Fill.below(VOCABULARY).elements(BATCH * CONTEXT, random))
              .feed(targets, Fill.below(VOCABULARY).elements(BATCH * CONTEXT, random))
              .feed(length, Math.min(MEMORY, (t - 1) * CONTEXT))
              .feed(key, 1, t)
              .feed(schedule, 0.01, 0.5, 0.999);
      if (t == 1) {
        List<Variable> variables = List.copyOf(parameters.keySet());
        for (int i = 0; i < variables.size(); i++) {
          step.write(variables.get(i), initial.get(i));
        }
      }
    }
    return scenario;
  }
}
