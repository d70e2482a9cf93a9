package org.sigmoe.xl.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricSeriesTest {
  @TempDir private Path folder;

  @Test
  void readsWhatTheFileOfARunHolds() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsFile metrics = MetricsFile.create(file)) {
      metrics.write(Metrics.at(10).withLoss(2));
      metrics.write(Metrics.at(10).withValidationLoss(3));
      metrics.write(Metrics.at(20).withLoss(1.5));
    }

    MetricSeries losses = MetricSeries.read(file, Metric.LOSS);

    assertEquals(
        List.of(new MetricSeries.Point(10, 2), new MetricSeries.Point(20, 1.5)), losses.points());
    assertArrayEquals(new double[] {2, 1.5}, losses.values());
    assertEquals(1.5, losses.last());
    assertEquals(1, MetricSeries.read(file, Metric.VALIDATION_LOSS).points().size());
    assertEquals(List.of(), MetricSeries.read(file, Metric.LEARNING_RATE).points());
  }

  @Test
  void numbersThatAreNotFiniteAreRead() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsFile metrics = MetricsFile.create(file)) {
      metrics.write(Metrics.at(1).withLoss(Double.NaN));
    }

    assertTrue(Double.isNaN(MetricSeries.read(file, Metric.LOSS).last()));
  }

  @Test
  void halfWrittenLastLineIsLeftOut() throws IOException {
    Path file = Files.writeString(folder.resolve("m"), "{\"step\":1,\"loss\":2}\n{\"step\":2,\"lo");

    assertEquals(1, MetricSeries.read(file, Metric.LOSS).points().size());
  }

  @Test
  void damagedLineIsReportedByItsNumber() throws IOException {
    Path file = Files.writeString(folder.resolve("m"), "{\"step\":1,\nnothing\n{\"step\":2}\n");

    IOException refused =
        assertThrows(IOException.class, () -> MetricSeries.read(file, Metric.LOSS));
    assertEquals(
        file + ": line 1 is not a record of metrics; the file is damaged", refused.getMessage());
  }
}
