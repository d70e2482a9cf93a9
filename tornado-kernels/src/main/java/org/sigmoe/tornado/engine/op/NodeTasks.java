package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.MatMul;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** The tasks of each op. */
public final class NodeTasks {
  private NodeTasks() {}

  static void addK(FloatArray a, FloatArray b, FloatArray y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      y.set(i, a.get(i) + b.get(i));
    }
  }

  /** Appends the tasks of {@code node}. */
  public static void add(Node node, Lowering to) {
    switch (node.op()) {
      case Add _ ->
          to.task(
              "add",
              id ->
                  new TaskPackage(
                      id,
                      NodeTasks::addK,
                      to.floats(node.operand(0)),
                      to.floats(node.operand(1)),
                      to.floats(node.result(0)),
                      (int) node.result(0).shape().elements()));
      case MatMul op -> MatMulTasks.matMul(op, node, to);
      default -> throw new EngineException("no kernel yet for " + node);
    }
  }
}
