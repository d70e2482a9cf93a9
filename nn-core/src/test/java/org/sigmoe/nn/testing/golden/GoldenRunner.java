package org.sigmoe.nn.testing.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Op;
import org.sigmoe.nn.layer.Layer;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.testing.EngineSession;

/** Computes what a kind of case holds and compares it. */
public interface GoldenRunner {

  /** Uses or compares every tensor of the case. */
  void run(GoldenCase golden, GoldenTensors tensors, EngineSession session);

  /** Writes the parameters of a layer; golden names are ours after {@code prefix}. */
  static void writeParameters(
      Layer layer, String prefix, GoldenTensors tensors, EngineSession session) {
    for (Parameter parameter : layer.parameters()) {
      session.write(parameter.variable(), tensors.floats(without(prefix, parameter)));
    }
  }

  /** Compares the gradients of all parameters of a layer; those of unused ones are zero. */
  static void compareGradients(
      Layer layer,
      String prefix,
      String segment,
      GoldenTensors tensors,
      Map<Parameter, Value> gradients,
      EngineSession.Run run) {
    for (Parameter parameter : layer.parameters()) {
      float[] ours =
          parameter.trained()
              ? run.fetch(gradients.get(parameter))
              : new float[Math.toIntExact(parameter.shape().elements())];
      tensors.compare(segment + "grad_" + without(prefix, parameter), ours);
    }
  }

  private static String without(String prefix, Parameter parameter) {
    assertTrue(parameter.name().startsWith(prefix), parameter.name());
    return parameter.name().substring(prefix.length());
  }

  /** The only application of an op in a graph. */
  static Node only(Graph graph, Class<? extends Op> op) {
    var found = graph.nodes().stream().filter(node -> op.isInstance(node.op())).toList();
    assertTrue(found.size() == 1, found.size() + " applications of " + op.getSimpleName());
    return found.getFirst();
  }

  /** The scalar product, in double. */
  static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
