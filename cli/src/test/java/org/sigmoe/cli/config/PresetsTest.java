package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.optim.AdamW;
import org.sigmoe.nn.optim.LearningRateSchedule;
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
