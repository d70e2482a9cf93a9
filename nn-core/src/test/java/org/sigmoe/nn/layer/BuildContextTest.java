package org.sigmoe.nn.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Mean;

class BuildContextTest {
  @Test
  void trainingNumbersItsSitesWhateverTheirRates() {
    BuildContext context = BuildContext.training(new Graph());
    assertEquals(0, assertNotNullSite(context, 0.1).number());
    assertEquals(1, assertNotNullSite(context, 0).number());
    assertEquals(2, assertNotNullSite(context, 0.2).number());
  }

  private static org.sigmoe.nn.graph.op.DropoutSite assertNotNullSite(
      BuildContext context, double rate) {
    var site = context.dropout(rate);
    assertNotNull(site);
    assertEquals((float) rate, site.rate());
    return site;
  }

  @Test
  void trainingAddsTheKeyAsInput() {
    Graph graph = new Graph();
    BuildContext context = BuildContext.training(graph);
    assertEquals(graph.inputs().getFirst(), context.dropoutKey());
    assertEquals(TensorType.i32(2), graph.inputs().getFirst().type());
  }

  @Test
  void evaluationDropsNothing() {
    Graph graph = new Graph();
    BuildContext context = BuildContext.evaluation(graph);
    assertNull(context.dropout(0.5));
    assertNull(context.dropoutKey());
    assertEquals(0, graph.inputs().size());
  }

  @Test
  void observedValuesBecomeOutputs() {
    Graph graph = new Graph();
    BuildContext context = BuildContext.observing(graph);
    Value units;
    try (Graph.Scope _ = context.scope("layers.3")) {
      units = Mean.of(graph.input("x", TensorType.f32(2, 5)));
      context.observe(Observed.UNITS, units);
    }
    assertEquals(List.of(new Observation(Observed.UNITS, units)), context.observations());
    assertEquals("layers.3", context.observations().getFirst().scope());
    assertEquals(List.of(units), graph.outputs());
  }

  @Test
  void nobodyObservesOtherContexts() {
    Graph graph = new Graph();
    BuildContext context = BuildContext.training(graph);
    context.observe(Observed.UNITS, graph.input("x", TensorType.f32(2, 5)));
    assertEquals(List.of(), context.observations());
    assertEquals(List.of(), graph.outputs());
  }
}
