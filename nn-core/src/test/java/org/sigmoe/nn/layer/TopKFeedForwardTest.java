package org.sigmoe.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.KeepLargest;

/** The top-K family beside the dense one. */
class TopKFeedForwardTest {
  private static final FeedForwardConfig.Placement PLACEMENT =
      new FeedForwardConfig.Placement("layers.3", 12, 4, 0.1);

  private static TopKConfig config(TopKFeedForward.Ranking ranking) {
    return new TopKConfig(20, 3, ranking);
  }

  @Test
  void parametersAndTheirInitialisationAreTheDenseOnes() {
    List<Parameter> dense = new DenseConfig(20).build(PLACEMENT).parameters();
    List<Parameter> topK = config(TopKFeedForward.Ranking.ACTIVATION).build(PLACEMENT).parameters();
    assertEquals(
        dense.stream().map(Parameter::toString).toList(),
        topK.stream().map(Parameter::toString).toList());
    assertEquals(
        dense.stream().map(Parameter::initializer).toList(),
        topK.stream().map(Parameter::initializer).toList());
  }

  @Test
  void dropoutComesBeforeTheChoice() {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 3, 12));
    config(TopKFeedForward.Ranking.CONTRIBUTION)
        .build(PLACEMENT)
        .apply(BuildContext.training(graph), x);
    Node choice =
        graph.nodes().stream()
            .filter(node -> node.op() instanceof KeepLargest)
            .findFirst()
            .orElseThrow();
    assertTrue(
        choice.operand(0).origin() instanceof Value.Result(Node before, int _)
            && before.op() instanceof Activate activate
            && activate.rate() == 0.1f);
  }

  @Test
  void familyIsFoundByName() {
    assertSame(TopKConfig.class, FeedForwards.family("top-k").configType());
  }

  @Test
  void optionsOutOfRangeAreRefusedByKey() {
    TopKFeedForward.Ranking ranking = TopKFeedForward.Ranking.ACTIVATION;
    assertRefused("dFeedForward:", () -> new TopKConfig(0, 1, ranking));
    assertRefused("k:", () -> new TopKConfig(20, 0, ranking));
    assertRefused("k:", () -> new TopKConfig(20, 21, ranking));
  }

  private static void assertRefused(String key, Runnable options) {
    String message = assertThrows(IllegalArgumentException.class, options::run).getMessage();
    assertTrue(message.startsWith(key), message);
  }
}
