package org.sigmoe.nn.graph.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.OpTests;
import org.sigmoe.nn.testing.Scenario;
import org.sigmoe.nn.testing.Truth;

class CrossEntropyTest {

  @TestFactory
  Stream<DynamicNode> cases() {
    return OpTests.of(
        List.of(
            loss(1, 3, 2),
            loss(1, 7, 3),
            loss(3, 2, 15),
            loss(1, 31, 17),
            loss(4, 8, 33),
            loss(2, 64, 65),
            loss(1, 1, 1000),
            loss(1, 3, 1500),
            loss(1, 2, 2100),
            loss(8, 64, 256),
            // One class: the loss and its gradient are 0.
            loss(1, 5, 1).cancellingTermsOf(1),
            extremes(7, 41),
            classifier(3, 5, 2),
            classifier(33, 20, 41),
            classifier(130, 7, 1500)));
  }

  /** Logits as they come about in a model, which engines may compute along with the loss. */
  private static OpCase classifier(int rows, int columns, int vocabulary) {
    return OpCase.named("classifier of [%d, %d], V=%d".formatted(rows, columns, vocabulary))
        .differentiable("x", Fill.normal(1), rows, columns)
        .differentiable("w", Fill.normal(1), vocabulary, columns)
        .differentiable("bias", Fill.normal(1), vocabulary)
        .integers("targets", Fill.below(vocabulary), rows)
        .output(
            in -> {
              Value product = MatMul.linear(in.get("x"), in.get("w"));
              Value logits = Activate.of(Activation.IDENTITY, product, in.get("bias"), null);
              return CrossEntropy.of(logits, in.get("targets"));
            });
  }

  private static OpCase loss(int batch, int context, int vocabulary) {
    return OpCase.named("B=%d T=%d V=%d".formatted(batch, context, vocabulary))
        .differentiable("logits", Fill.normal(3), batch, context, vocabulary)
        .integers("targets", Fill.below(vocabulary), batch, context)
        .output(CrossEntropyTest::withLogSumExp);
  }

  /** Logits whose exponentials are beyond the range of floats, up and down. */
  private static OpCase extremes(int rows, int vocabulary) {
    return OpCase.named("logits of some hundreds")
        .differentiable("logits", Fill.normal(300), rows, vocabulary)
        .integers("targets", Fill.below(vocabulary), rows)
        .output(CrossEntropyTest::withLogSumExp);
  }

  private static Value withLogSumExp(Map<String, Value> in) {
    Value logits = in.get("logits");
    Node node = logits.graph().apply(new CrossEntropy(), logits, in.get("targets"));
    logits.graph().output(node.result(1));
    return node.result(0);
  }

  @Test
  void evenLogitsCostTheLogarithmOfTheVocabulary() {
    Graph graph = new Graph();
    Value logits = graph.input("logits", TensorType.f32(1, 8));
    Value targets = graph.input("targets", TensorType.i32(1));
    Scenario.Step step = new Scenario.Step().feed(logits, 5, 5, 5, 5, 5, 5, 5, 5).feed(targets, 3);
    assertArrayEquals(
        new double[] {Math.log(8)}, Truth.of(CrossEntropy.of(logits, targets), step), 1e-14);
  }

  @Test
  void twoClassesAreTheLogisticLoss() {
    Graph graph = new Graph();
    Value logits = graph.input("logits", TensorType.f32(2, 2));
    Value targets = graph.input("targets", TensorType.i32(2));
    Scenario.Step step = new Scenario.Step().feed(logits, 2, -1, 2, -1).feed(targets, 0, 1);
    assertArrayEquals(
        new double[] {Math.log1p(Math.exp(-3)), Math.log1p(Math.exp(3))},
        Truth.of(CrossEntropy.of(logits, targets), step),
        1e-14);
  }
}
