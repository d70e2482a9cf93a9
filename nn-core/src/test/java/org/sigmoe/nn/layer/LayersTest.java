package org.sigmoe.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.ShapeException;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.Parameter.Role;

/** Names, shapes and roles of the basic layers; what they compute is tested with their ops. */
class LayersTest {
  private final Graph graph = new Graph();
  private final BuildContext context = BuildContext.evaluation(graph);

  private static List<Role> roles(Layer layer) {
    return layer.parameters().stream().map(Parameter::role).toList();
  }

  private static List<String> names(Layer layer) {
    return layer.parameters().stream().map(Parameter::toString).toList();
  }

  @Test
  void linearHasItsWeightByOutputAndInput() {
    Linear linear =
        Linear.biased("out", 3, 5, Initializer.linearDefault(3), Initializer.linearDefault(3));
    assertEquals(List.of("out.weight f32[5,3]", "out.bias f32[5]"), names(linear));
    assertEquals(List.of(Role.WEIGHT, Role.UNDECAYED), roles(linear));
    Value y = linear.apply(context, graph.input("x", TensorType.f32(2, 4, 3)));
    assertEquals(TensorType.f32(2, 4, 5), y.type());
  }

  @Test
  void linearWithoutBiasIsAProductAlone() {
    Linear linear = Linear.unbiased("q", 3, 5, Initializer.zeros());
    assertEquals(List.of("q.weight f32[5,3]"), names(linear));
    linear.apply(context, graph.input("x", TensorType.f32(4, 3)));
    assertEquals(1, graph.nodes().size());
    assertThrows(NullPointerException.class, () -> linear.bias(context));
  }

  @Test
  void inputOfAnotherWidthIsReportedWithTheWeight() {
    Linear linear = Linear.unbiased("q", 3, 5, Initializer.zeros());
    Value x = graph.input("x", TensorType.f32(4, 2));
    ShapeException misfit = assertThrows(ShapeException.class, () -> linear.apply(context, x));
    assertEquals(
        "MatMul: inner sizes differ, 2 of a and 3 of b transposed. Operands: a = x f32[4,2], "
            + "b = q.weight f32[5,3]",
        misfit.getMessage());
  }

  @Test
  void layerNormIsThatOfPyTorch() {
    LayerNorm norm = new LayerNorm("norm1", 6);
    assertEquals(List.of("norm1.weight f32[6]", "norm1.bias f32[6]"), names(norm));
    assertEquals(List.of(Role.UNDECAYED, Role.UNDECAYED), roles(norm));
    norm.apply(context, graph.input("x", TensorType.f32(4, 6)));
    assertEquals(new org.sigmoe.nn.graph.op.LayerNorm(1e-5f), graph.nodes().getFirst().op());
  }

  @Test
  void embeddingHasARowForEachToken() {
    Embedding embedding = new Embedding("embedding", 7, 4, new Initializer.XavierUniform());
    assertEquals(List.of("embedding.weight f32[7,4]"), names(embedding));
    Value y = embedding.apply(context, graph.input("tokens", TensorType.i32(2, 3)));
    assertEquals(TensorType.f32(2, 3, 4), y.type());
  }
}
