package org.sigmoe.nn.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.ShiftMemory;

/**
 * Graphs of no sense but of every form: fan-out, dead ends, in-place chains, updates, gradients.
 */
final class RandomGraph {
  private static final int NODES = 40;
  private static final int BATCH = 2;

  private final SplittableRandom random;
  private final Graph graph = new Graph();
  private final List<Value> values = new ArrayList<>();
  private final List<Value> memories = new ArrayList<>();

  private RandomGraph(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The graph of that seed. */
  static Graph of(long seed) {
    return new RandomGraph(seed).build();
  }

  private Graph build() {
    for (int columns : new int[] {1, 3, 8}) {
      for (int rows : new int[] {1, 2}) {
        String size = rows + "x" + columns;
        values.add(graph.input("input " + size, TensorType.f32(BATCH, rows, columns)));
        Variable memory = new Variable("memory " + size, TensorType.f32(BATCH, rows, columns));
        memories.add(graph.read(memory));
      }
    }
    values.addAll(memories);
    for (int i = 0; i < NODES; i++) {
      append();
    }
    for (Value memory : memories) {
      update(memory);
    }
    values.removeIf(value -> !(value.origin() instanceof Value.Result));
    for (int i = 0; i < 3; i++) {
      graph.output(any(values));
    }
    differentiate();
    return graph;
  }

  private void append() {
    Value x = any(values);
    int columns = x.shape().columns();
    values.add(
        switch (random.nextInt(7)) {
          case 0 -> Add.of(x, like(x));
          case 1 -> Activate.of(Activation.RELU, x, null, null);
          case 2 -> AddDropout.of(like(x), x, null, null);
          case 3 -> MatMul.linear(x, parameter(random.nextBoolean() ? 3 : 8, columns));
          case 4 -> LayerNorm.of(x, parameter(columns), parameter(columns), 1e-5f);
          case 5 -> Concat.of(x, x.shape().size(1) > 8 ? like(x) : memoryLike(x));
          default -> Add.of(x, x);
        });
  }

  /** Memory becomes another memory, a result, or stays. */
  private void update(Value memory) {
    List<Value> fitting =
        values.stream()
            .filter(value -> value != memory)
            .filter(value -> value.shape().columns() == memory.shape().columns())
            .toList();
    if (!fitting.isEmpty() && random.nextInt(4) > 0) {
      ShiftMemory.of(memory, any(fitting));
    }
  }

  private void differentiate() {
    Value loss = Mean.of(any(values));
    for (Value input : graph.inputs()) {
      if (random.nextBoolean() && reaches(input, loss)) {
        graph.output(Gradients.of(loss, List.of(input)).getFirst());
      }
    }
  }

  private static boolean reaches(Value from, Value to) {
    return from == to
        || to.origin() instanceof Value.Result(Node node, int _)
            && node.operands().stream().anyMatch(operand -> reaches(from, operand));
  }

  private Value parameter(int... sizes) {
    return graph.read(new Variable("parameter", TensorType.f32(sizes)));
  }

  private Value like(Value x) {
    return any(values.stream().filter(value -> value.type().equals(x.type())).toList());
  }

  private Value memoryLike(Value x) {
    return any(
        memories.stream()
            .filter(memory -> memory.shape().columns() == x.shape().columns())
            .toList());
  }

  private Value any(List<Value> from) {
    return from.get(random.nextInt(from.size()));
  }
}
