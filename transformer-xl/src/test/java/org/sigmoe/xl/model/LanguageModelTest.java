package org.sigmoe.xl.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.Initializer;
import org.sigmoe.nn.layer.Parameter;

class LanguageModelTest {
  private static ModelConfig config(
      int vocabulary, int d, int layers, int heads, int headSize, int dFeedForward, int context) {
    DenseConfig dense = new DenseConfig(dFeedForward);
    return new ModelConfig(vocabulary, d, layers, heads, headSize, dense, context, context, 0.1);
  }

  private static final ModelConfig SMALL = config(11, 16, 2, 2, 7, 24, 5);

  /** Table 8 of the paper, and the counts that follow from the structure of its code. */
  static Stream<Arguments> publishedModels() {
    return Stream.of(
        Arguments.of("WT-S", config(8000, 412, 16, 10, 41, 2053, 256), 47_260_136L),
        Arguments.of("WT-S*", config(8000, 412, 16, 10, 41, 16480, 256), 237_696_536L),
        Arguments.of("WT-B", config(8000, 1024, 18, 16, 64, 4110, 512), 262_479_968L),
        Arguments.of("E8", config(205, 512, 12, 8, 64, 2053, 512), 41_234_721L));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("publishedModels")
  void parameterCountsAreThoseOfThePaper(String name, ModelConfig config, long count) {
    assertEquals(count, new LanguageModel(config).parameterCount(), name);
  }

  @Test
  void parametersAreNamedAndShapedAsInThePapersCode() {
    List<String> names =
        new LanguageModel(config(11, 16, 1, 2, 7, 24, 5))
            .parameters().stream().map(Parameter::toString).toList();
    assertEquals(
        List.of(
            "embedding.weight f32[11,16]",
            "layers.0.self_attn.scale f32[1]",
            "layers.0.self_attn.s_bias f32[1]",
            "layers.0.self_attn.global_content_bias f32[2,7]",
            "layers.0.self_attn.global_pos_bias f32[2,7]",
            "layers.0.self_attn.pos_to_pq.weight f32[14,16]",
            "layers.0.self_attn.data_to_kv.weight f32[28,16]",
            "layers.0.self_attn.data_to_q.weight f32[14,16]",
            "layers.0.self_attn.multi_head_merge.weight f32[16,14]",
            "layers.0.linear1.weight f32[24,16]",
            "layers.0.linear1.bias f32[24]",
            "layers.0.linear2.weight f32[16,24]",
            "layers.0.linear2.bias f32[16]",
            "layers.0.norm1.weight f32[16]",
            "layers.0.norm1.bias f32[16]",
            "layers.0.norm2.weight f32[16]",
            "layers.0.norm2.bias f32[16]",
            "output.weight f32[11,16]",
            "output.bias f32[11]",
            "out_norm.weight f32[16]",
            "out_norm.bias f32[16]"),
        names);
  }

  @Test
  void parametersStartAsInThePapersCode() {
    LanguageModel model = new LanguageModel(SMALL);
    assertEquals(new Initializer.XavierUniform(), initializer(model, "embedding.weight"));
    assertEquals(
        new Initializer.Constant((float) (1 / Math.sqrt(7))),
        initializer(model, "layers.1.self_attn.scale"));
    assertEquals(Initializer.zeros(), initializer(model, "layers.1.self_attn.global_content_bias"));
    assertEquals(Initializer.zeros(), initializer(model, "layers.1.self_attn.global_pos_bias"));
    for (String fromModel : List.of("pos_to_pq", "data_to_kv", "data_to_q")) {
      assertEquals(
          new Initializer.TruncatedNormal(Math.sqrt(2.0 / (2 * 16))),
          initializer(model, "layers.1.self_attn." + fromModel + ".weight"));
    }
    assertEquals(
        new Initializer.TruncatedNormal(Math.sqrt(2.0 / (2 * 14))),
        initializer(model, "layers.1.self_attn.multi_head_merge.weight"));
    assertEquals(new Initializer.Uniform(0.25), initializer(model, "output.weight"));
    assertEquals(new Initializer.Uniform(0.25), initializer(model, "output.bias"));
    assertEquals(Initializer.ones(), initializer(model, "out_norm.weight"));
    assertEquals(Initializer.zeros(), initializer(model, "out_norm.bias"));
  }

  private static Initializer initializer(LanguageModel model, String name) {
    return model.parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElseThrow()
        .initializer();
  }

  /** After the embedding; attention, hidden layer and feed-forward of each layer; before output. */
  @Test
  void everyDropoutOfTrainingHasItsOwnSite() {
    TrainingGraph step = TrainingGraph.withoutUpdate(new LanguageModel(SMALL), Batch.whole(3));
    List<Integer> sites =
        step.graph().nodes().stream()
            .filter(node -> node.phase() == Node.Phase.FORWARD)
            .flatMap(LanguageModelTest::site)
            .toList();
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), sites);
  }

  private static Stream<Integer> site(Node node) {
    return switch (node.op()) {
      case Dropout op -> Stream.of(op.site());
      case Activate op when op.rate() > 0 -> Stream.of(op.site());
      case AddDropout op when op.rate() > 0 -> Stream.of(op.site());
      default -> Stream.of();
    };
  }

  @Test
  void attentionKeepsNoTensorOfScores() {
    int batch = 2;
    int context = 96;
    ModelConfig config = config(11, 16, 2, 4, 4, 24, context);
    TrainingGraph step = TrainingGraph.withoutUpdate(new LanguageModel(config), Batch.whole(batch));
    step.gradients().values().forEach(step.graph()::output);
    long scores = (long) batch * config.heads() * context * (context + config.memory());
    BufferPlan plan = BufferPlan.of(step.graph());
    assertTrue(
        plan.buffers().stream().allMatch(buffer -> buffer.elements() < scores),
        "a buffer as large as the scores of a layer");
  }
}
