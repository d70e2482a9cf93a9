package org.sigmoe.xl.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsHistoryTest {
  @TempDir private Path folder;

  private MetricsHistory history(String text) throws IOException {
    return MetricsHistory.read(Files.writeString(folder.resolve("metrics.jsonl"), text));
  }

  private static List<Long> steps(MetricsHistory history) {
    return history.records().stream().map(MetricsHistory.Entry::step).toList();
  }

  @Test
  void metricsThatNobodyHereKnowsAreReadToo() throws IOException {
    MetricsHistory history =
        history("{\"step\":5,\"loss\":2,\"experts/dead\":3,\"note\":\"hm\",\"list\":[1]}\n");

    assertEquals(Map.of("loss", 2.0, "experts/dead", 3.0), history.records().getFirst().values());
    assertEquals(5, history.lastStep());
    assertFalse(history.unfinishedLine());
  }

  @Test
  void damagedLinesAreCountedAndAllOthersRead() throws IOException {
    MetricsHistory history =
        history(
            "{\"step\":1,\"loss\":3}\n\u0000\u0000\n{\"loss\":3}\n[]\n{\"step\":2,\"loss\":2}\n");

    assertEquals(List.of(1L, 2L), steps(history));
    assertEquals(List.of(2L, 3L, 4L), history.damagedLines());
    assertFalse(history.unfinishedLine());
  }

  @Test
  void bytesThatAreNoTextDamageTheirLineAlone() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    byte[] first = "{\"step\":1,\"loss\":3}\n".getBytes(StandardCharsets.UTF_8);
    Files.write(file, first);
    try (var out = Files.newOutputStream(file, java.nio.file.StandardOpenOption.APPEND)) {
      out.write(new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
      out.write(first);
    }

    assertEquals(List.of(2L), MetricsHistory.read(file).damagedLines());
  }

  @Test
  void lineThatIsBeingWrittenIsNoDamage() throws IOException {
    MetricsHistory history = history("{\"step\":1,\"loss\":3}\n{\"step\":2,\"lo");

    assertEquals(List.of(1L), steps(history));
    assertEquals(List.of(), history.damagedLines());
    assertTrue(history.unfinishedLine());
  }

  @Test
  void stepsThatStandTwiceCountOnceAndTheLaterHolds() throws IOException {
    MetricsHistory history =
        history(
            """
            {"step":1,"loss":4}
            {"step":2,"loss":3}
            {"step":2,"validationLoss":9}
            {"step":1,"loss":5}
            {"step":2,"loss":6}
            """);

    assertEquals(
        List.of(new MetricSeries.Point(1, 5), new MetricSeries.Point(2, 6)),
        history.series(Metric.LOSS).points());
    assertEquals(1, history.series(Metric.VALIDATION_LOSS).points().size());
    assertEquals(2, history.repeated());
  }

  /** A run that was killed after step 7, whose newest checkpoint is of step 4, and that goes on. */
  @Test
  void runThatWasKilledAndGoesOnHasEachStepOnce() throws IOException {
    Path file = folder.resolve("killed.jsonl");
    try (MetricsFile metrics = MetricsFile.create(file)) {
      for (long step = 1; step <= 7; step++) {
        metrics.write(Metrics.at(step).withLoss(10 - step));
      }
    }
    Files.writeString(file, Files.readString(file) + "{\"step\":8,\"lo");
    try (MetricsFile metrics = MetricsFile.resume(file, 4)) {
      for (long step = 5; step <= 9; step++) {
        metrics.write(Metrics.at(step).withLoss(10 - step));
      }
    }

    MetricsHistory history = MetricsHistory.read(file);

    assertEquals(LongStream.rangeClosed(1, 9).boxed().toList(), steps(history));
    assertEquals(0, history.repeated());
    assertFalse(history.unfinishedLine());
    assertEquals(List.of(), history.damagedLines());
  }
}
