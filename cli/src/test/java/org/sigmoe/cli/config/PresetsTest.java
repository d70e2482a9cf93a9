package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.moe.ExpertOptions;
import org.sigmoe.moe.HiddenDropout;
import org.sigmoe.moe.Initialisation;
import org.sigmoe.moe.SigmaMoeConfig;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.TopKConfig;
import org.sigmoe.nn.layer.TopKFeedForward;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.LearningRateSchedule;
import org.sigmoe.pkm.Compat;
import org.sigmoe.pkm.Nonlinearity;
import org.sigmoe.pkm.PkmConfig;
import org.sigmoe.pkm.QueryProjection;
import org.sigmoe.pkm.Selection;
import org.sigmoe.pkm.SoftmaxScope;
import org.sigmoe.pkm.ValueInitialisation;
import org.sigmoe.xl.model.ModelConfig;

/** Presets against arXiv 2310.10837, table 8 and appendix B, and the code of its authors. */
class PresetsTest {

  private static RunConfig preset(String name) {
    return Configuration.compose(name, null, Settings.empty()).run();
  }

  @Test
  void everyFileIsAPresetAndEveryPresetAFile() throws IOException, URISyntaxException {
    Path folder = Path.of(Objects.requireNonNull(Presets.class.getResource("presets")).toURI());
    try (var files = Files.list(folder)) {
      assertEquals(
          Set.copyOf(Presets.NAMES),
          files
              .map(file -> file.getFileName().toString().replace(".yaml", ""))
              .collect(Collectors.toSet()));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "wt-s-dense, 8000, 412, 16, 10, 41, 2053, 256, 0.1, 64, 0.1",
    "wt-b-dense, 8000, 1024, 18, 16, 64, 4110, 512, 0.2, 64, 0.25",
    "e8-dense, 205, 512, 12, 8, 64, 2053, 512, 0.1, 32, 0.25"
  })
  void publishedSizesAndSettings(
      String name,
      int vocabulary,
      int dModel,
      int layers,
      int heads,
      int headSize,
      int dFeedForward,
      int context,
      double dropout,
      int batch,
      double clip) {
    RunConfig run = preset(name);

    assertEquals(
        new ModelConfig(
            vocabulary,
            dModel,
            layers,
            heads,
            headSize,
            new DenseConfig(dFeedForward),
            context,
            context,
            dropout),
        run.model());
    assertEquals(batch, run.batch());
    assertEquals(100_000, run.steps());
    assertEquals(AdamW.adam().withMaxNorm(clip), run.optimiser());
    assertEquals(2000, run.validation().everySteps());
    assertEquals(10_000, run.checkpoints().everySteps());
  }

  /** Table 9 and the code of its authors; where they differ, the code. */
  @ParameterizedTest
  @CsvSource({
    "wt-s-moe, wt-s-dense, 16, 1e-3, 0, 0.25",
    "wt-s-star-moe, wt-s-dense, 128, 1e-3, 0.05, 0.25",
    "wt-b-moe, wt-b-dense, 32, 1e-3, 0.1, 0.25",
    "e8-moe, e8-dense, 16, 1e-4, 0.05, 0.25"
  })
  void publishedMixturesAreTheirDenseModelsButForTheBlocks(
      String name, String dense, int experts, double entropy, double expertDropout, double clip) {
    RunConfig run = preset(name);

    assertEquals(
        new SigmaMoeConfig(
            experts,
            128,
            4,
            entropy,
            expertDropout,
            HiddenDropout.NONE,
            Initialisation.PAPER,
            ExpertOptions.defaults()),
        run.model().feedForward());
    requireAlikeButForBlocks(dense, run);
    assertEquals(AdamW.adam().withMaxNorm(clip), run.optimiser());
  }

  /** Tables 1, 2 and 6. */
  @ParameterizedTest
  @CsvSource({
    "wt-s-topk, wt-s-dense, 0.1",
    "wt-s-pkm, wt-s-dense, 0.25",
    "wt-s-pkm-values, wt-s-dense, 0.25",
    "wt-b-pkm, wt-b-dense, 0.25"
  })
  void publishedTopKAndMemoriesAreTheirDenseModelsButForTheBlocks(
      String name, String dense, double clip) {
    RunConfig run = preset(name);

    requireAlikeButForBlocks(dense, run);
    assertEquals(AdamW.adam().withMaxNorm(clip), run.optimiser());
  }

  @Test
  void publishedMemoriesSelectNothing() {
    assertEquals(published(62), memory("wt-s-pkm"));
    assertEquals(published(46), memory("wt-s-pkm-values"));
    assertEquals(published(89), memory("wt-b-pkm"));
    assertEquals(46, PkmConfig.subKeysForValues(2048));
  }

  /** Of which nothing is selected, so that the k of the default is never read. */
  private static PkmConfig published(int subKeys) {
    return new PkmConfig(
        subKeys,
        Optional.empty(),
        4,
        32,
        Selection.ALL,
        Nonlinearity.RELU,
        SoftmaxScope.JOINT,
        QueryProjection.NONE,
        ValueInitialisation.BY_MODEL_WIDTH,
        Compat.NONE);
  }

  private static FeedForwardConfig memory(String name) {
    return preset(name).model().feedForward();
  }

  @Test
  void publishedTopKIsTheDenseBlock() {
    assertEquals(
        new TopKConfig(2053, 128, TopKFeedForward.Ranking.ACTIVATION),
        preset("wt-s-topk").model().feedForward());
  }

  private static void requireAlikeButForBlocks(String dense, RunConfig run) {
    RunConfig base = preset(dense);
    ModelConfig model = run.model();
    assertEquals(
        base.model(),
        new ModelConfig(
            model.vocabulary(),
            model.dModel(),
            model.layers(),
            model.heads(),
            model.headSize(),
            base.model().feedForward(),
            model.context(),
            model.memory(),
            model.dropout()));
    assertEquals(base.batch(), run.batch());
    assertEquals(base.steps(), run.steps());
    assertEquals(base.learningRate(), run.learningRate());
  }

  @Test
  void publishedSchedules() {
    LearningRateSchedule cosine = new LearningRateSchedule.Cosine(2.5e-4, 0, 100_000);

    assertEquals(cosine, preset("wt-s-dense").training().learningRate());
    assertEquals(cosine, preset("e8-dense").training().learningRate());
    assertEquals(
        new LearningRateSchedule.WarmUp(4000, cosine),
        preset("wt-b-dense").training().learningRate());
  }

  @Test
  void defaultPresetIsOfBytes() {
    assertEquals(256, preset(Presets.DEFAULT).model().vocabulary());
  }
}
