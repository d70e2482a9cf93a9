package org.sigmoe.xl.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("metrics.jsonl");
  }

  @Test
  void recordIsOneJsonObjectWithLossInNatsAndBits() {
    Metrics metrics =
        Metrics.at(7)
            .withLoss(2 * Math.log(2))
            .with(Metric.TOKENS_PER_SECOND, 9200)
            .with(Metric.LEARNING_RATE, 2.5e-4)
            .with(Metric.GRADIENT_NORM, 0.25)
            .withValidationLoss(3 * Math.log(2));
    assertEquals(
        "{\"step\":7,\"loss\":1.3862943611198906,\"bitsPerToken\":2.0,\"tokensPerSecond\":9200.0,"
            + "\"learningRate\":2.5E-4,\"gradientNorm\":0.25,"
            + "\"validationLoss\":2.0794415416798357,\"validationBitsPerToken\":3.0}",
        metrics.toJson());
  }

  @Test
  void numbersThatJsonLacksAreStrings() {
    assertEquals(
        "{\"step\":1,\"loss\":\"NaN\",\"gradientNorm\":\"Infinity\"}",
        Metrics.at(1)
            .with(Metric.LOSS, Double.NaN)
            .with(Metric.GRADIENT_NORM, Double.POSITIVE_INFINITY)
            .toJson());
  }

  @Test
  void keysAreUnique() {
    assertThrows(IllegalArgumentException.class, () -> new Metric("step", "a/b"));
    Metrics metrics = Metrics.at(1).with(Metric.LOSS, 1);
    assertThrows(
        IllegalArgumentException.class, () -> metrics.with(new Metric("loss", "other"), 2));
  }

  @Test
  void recordsAreInTheFileAsSoonAsTheyAreWritten() throws IOException {
    try (MetricsFile metrics = MetricsFile.create(file)) {
      metrics.write(Metrics.at(1).with(Metric.LOSS, 2));
      assertEquals(List.of("{\"step\":1,\"loss\":2.0}"), Files.readAllLines(file));
      metrics.write(Metrics.at(2).with(Metric.LOSS, 1));
      assertEquals(2, Files.readAllLines(file).size());
    }
  }

  @Test
  void fileOfAnotherRunIsNotOverwritten() throws IOException {
    Files.writeString(file, "{\"step\":1}\n");
    IOException e = assertThrows(IOException.class, () -> MetricsFile.create(file).close());
    assertEquals("cannot write " + file + ": it exists already", e.getMessage());
    assertEquals("{\"step\":1}\n", Files.readString(file));
  }

  /** Killed after any byte and resumed, the file is that of a run that was never killed. */
  @Test
  void nothingIsDoubledOrLostWhereverTheProcessWasKilled() throws IOException {
    writeSteps(1, 8);
    byte[] whole = Files.readAllBytes(file);
    long checkpoint = 4;
    long firstByteAfterCheckpoint = endOf(whole, checkpoint);
    for (int killedAt = (int) firstByteAfterCheckpoint; killedAt <= whole.length; killedAt++) {
      Files.write(file, Arrays.copyOf(whole, killedAt));
      try (MetricsFile resumed = MetricsFile.resume(file, checkpoint)) {
        assertEquals(firstByteAfterCheckpoint, Files.size(file));
        assertEquals(OptionalDouble.of(0.25), resumed.latest(Metric.LOSS));
        for (long step = checkpoint + 1; step <= 8; step++) {
          resumed.write(Metrics.at(step).with(Metric.LOSS, 1.0 / step));
        }
      }
      assertEquals(new String(whole, StandardCharsets.UTF_8), Files.readString(file));
    }
  }

  @Test
  void resumingBeforeTheFirstRecordEmptiesTheFile() throws IOException {
    writeSteps(1, 3);
    try (MetricsFile metrics = MetricsFile.resume(file, 0)) {
      assertEquals(0, Files.size(file));
      assertEquals(OptionalDouble.empty(), metrics.latest(Metric.LOSS));
    }
  }

  @Test
  void fileOfARunThatHasNotWrittenAnyIsBegun() throws IOException {
    try (MetricsFile metrics = MetricsFile.resume(file, 10)) {
      metrics.write(Metrics.at(11));
    }
    assertEquals("{\"step\":11}\n", Files.readString(file));
  }

  @Test
  void damagedLineBeforeTheLastIsReportedAndNothingIsCutOff() throws IOException {
    String text = "{\"step\":1}\n{\"step\":x}\n{\"step\":3}\n";
    Files.writeString(file, text);
    IOException e = assertThrows(IOException.class, () -> MetricsFile.resume(file, 3).close());
    assertEquals(
        file
            + ": line 2, at byte 11, is not a record of metrics;"
            + " repair that line or move the file away",
        e.getMessage());
    assertEquals(text, Files.readString(file));
  }

  @Test
  void lastLineThatIsNoRecordIsCutOff() throws IOException {
    for (String tail : List.of("\0\0\0", "{\"loss\":1}\n", "[]\n", "{\"step\":2", "\n", "7\n")) {
      Files.writeString(file, "{\"step\":1}\n" + tail);
      MetricsFile.resume(file, 5).close();
      assertEquals("{\"step\":1}\n", Files.readString(file), tail);
    }
  }

  @Test
  void stepsNeverGoBack() throws IOException {
    try (MetricsFile metrics = MetricsFile.create(file)) {
      metrics.write(Metrics.at(5));
      metrics.write(Metrics.at(5));
      assertThrows(IllegalArgumentException.class, () -> metrics.write(Metrics.at(4)));
    }
    assertEquals("{\"step\":5}\n{\"step\":5}\n", Files.readString(file));
  }

  private void writeSteps(long first, long last) throws IOException {
    try (MetricsFile metrics = MetricsFile.create(file)) {
      for (long step = first; step <= last; step++) {
        metrics.write(Metrics.at(step).with(Metric.LOSS, 1.0 / step));
      }
    }
  }

  private static long endOf(byte[] file, long lines) {
    int at = 0;
    for (long seen = 0; seen < lines; at++) {
      if (file[at] == '\n') {
        seen++;
      }
    }
    return at;
  }
}
