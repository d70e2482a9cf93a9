package org.sigmoe.pkm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Initializer;
import org.sigmoe.nn.layer.Parameter;

class ProductKeyMemoryTest {
  private static final FeedForwardConfig.Placement PLACEMENT =
      new FeedForwardConfig.Placement("layers.3", 12, 4, 0.1);

  private static FeedForward memory(
      Selection selection, QueryProjection projection, ValueInitialisation initialisation) {
    return new PkmConfig(
            5,
            Optional.of(7),
            2,
            3,
            selection,
            Nonlinearity.RELU,
            SoftmaxScope.JOINT,
            projection,
            initialisation,
            Compat.NONE)
        .build(PLACEMENT);
  }

  @Test
  void parametersAreNamedAndShapedAsInThePapersCode() {
    assertEquals(
        List.of(
            "layers.3.pkm.keys.0 f32[2,5,6]",
            "layers.3.pkm.keys.1 f32[2,7,6]",
            "layers.3.pkm.values.weight f32[35,12]",
            "layers.3.pkm.query_proj.weight f32[24,12]",
            "layers.3.pkm.query_proj.bias f32[24]"),
        memory(
                Selection.TOP_K,
                QueryProjection.LINEAR_WITH_BIAS,
                ValueInitialisation.BY_MODEL_WIDTH)
            .parameters()
            .stream()
            .map(Parameter::toString)
            .toList());
  }

  @Test
  void keysAndValuesStartByWidthAndDepth() {
    List<Parameter> parameters =
        memory(Selection.ALL, QueryProjection.NONE, ValueInitialisation.BY_MODEL_WIDTH)
            .parameters();
    Initializer byWidth = new Initializer.Normal(Math.sqrt(2.0 / 4) / Math.sqrt(12));
    assertEquals(
        List.of(byWidth, byWidth, byWidth),
        parameters.stream().map(Parameter::initializer).toList());
  }

  @Test
  void valuesMayStartByTheirCount() {
    List<Parameter> parameters =
        memory(Selection.ALL, QueryProjection.NONE, ValueInitialisation.BY_VALUE_COUNT)
            .parameters();
    assertEquals(
        new Initializer.Normal(Math.sqrt(2.0 / 4) / Math.sqrt(35)),
        parameters.get(2).initializer());
  }

  @Test
  void selectedKeysAndTheirWeightsCanBeObserved() {
    assertEquals(
        List.of("KEYS i32[2,4,2,3]", "KEY_WEIGHTS f32[2,4,2,3]"), observed(Selection.TOP_K));
  }

  @Test
  void whereNothingIsSelectedAllWeightsAreUnits() {
    assertEquals(List.of("UNITS f32[2,4,35]"), observed(Selection.ALL));
  }

  private static List<String> observed(Selection selection) {
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(2, 4, 12));
    BuildContext context = BuildContext.observing(graph);
    memory(selection, QueryProjection.NONE, ValueInitialisation.BY_MODEL_WIDTH).apply(context, x);
    return context.observations().stream()
        .map(observation -> observation.what() + " " + observation.value().type())
        .toList();
  }
}
