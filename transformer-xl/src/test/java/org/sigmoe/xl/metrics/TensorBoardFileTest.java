package org.sigmoe.xl.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardFileTest {

  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000L, 500_000_000));

  @TempDir Path folder;

  /** The CRC-32C of 32 zero bytes is 8a9136aa (RFC 3720, B.4); masked by TensorFlow's rule. */
  @Test
  void checksumIsTheKnownOneMasked() {
    CRC32C crc = new CRC32C();
    crc.update(new byte[32]);
    assertEquals(0x8a9136aaL, crc.getValue());
    // 8a9136aa rotated right by 15 bits is 6d551522; plus a282ead8 is 0fd7fffa.
    assertEquals(0x0fd7fffa, TensorBoardRecord.maskedCrc(ByteBuffer.allocate(32)));
  }

  /** The first record of a file as TensorFlow writes it, taken apart by hand. */
  @Test
  void recordIsLengthChecksumDataChecksum() {
    byte[] record = TensorBoardRecord.frame(new byte[] {0x42});
    assertEquals(17, record.length);
    String hex = HexFormat.of().formatHex(record);
    assertTrue(hex.startsWith("0100000000000000"), hex);
    assertEquals("42", hex.substring(24, 26));
    // The masked checksum of the length 1, the same in every record file with such a record.
    assertEquals(
        EventFiles.maskedCrc(record, 0, 8),
        ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).getInt(8));
  }

  @Test
  void fileBeginsWithItsVersionAndHoldsEveryValueByTag() throws IOException {
    try (TensorBoardFile file = TensorBoardFile.create(folder, CLOCK)) {
      file.write(Metrics.at(10).with(Metric.LOSS, 1.5).with(Metric.GRADIENT_NORM, 0.25));
      file.write(Metrics.at(20).with(Metric.VALIDATION_LOSS, Double.NaN));
    }
    List<Path> files = eventFiles();
    assertEquals(1, files.size());
    assertTrue(
        files.getFirst().getFileName().toString().startsWith("events.out.tfevents.1700000000."));
    assertEquals(
        List.of(
            "wall_time: 1.7000000005E9 file_version: \"brain.Event:2\"",
            "wall_time: 1.7000000005E9 step: 10 summary {"
                + " value { tag: \"train/loss\" simple_value: 1.5 }"
                + " value { tag: \"train/gradient_norm\" simple_value: 0.25 } }",
            "wall_time: 1.7000000005E9 step: 20 summary {"
                + " value { tag: \"validation/loss\" simple_value: NaN } }"),
        texts(files.getFirst()));
  }

  @Test
  void resumedRunStartsANewFileThatPurgesTheStepsAfterTheCheckpoint() throws IOException {
    try (TensorBoardFile file = TensorBoardFile.create(folder, CLOCK)) {
      file.write(Metrics.at(100).with(Metric.LOSS, 2));
      file.write(Metrics.at(150).with(Metric.LOSS, 1));
    }
    byte[] before = Files.readAllBytes(eventFiles().getFirst());
    try (TensorBoardFile file = TensorBoardFile.resume(folder, 100, CLOCK)) {
      file.write(Metrics.at(101).with(Metric.LOSS, 1.5));
    }
    List<Path> files = eventFiles();
    assertEquals(2, files.size());
    assertEquals(
        HexFormat.of().formatHex(before),
        HexFormat.of().formatHex(Files.readAllBytes(files.getFirst())));
    assertEquals(
        List.of(
            "wall_time: 1.7000000005E9 file_version: \"brain.Event:2\"",
            "wall_time: 1.7000000005E9 step: 101 session_log { status: START }",
            "wall_time: 1.7000000005E9 step: 101 summary {"
                + " value { tag: \"train/loss\" simple_value: 1.5 } }"),
        texts(files.getLast()));
  }

  @Test
  void newFilesSortAfterOlderOnesEvenWhereTheClockWentBack() throws IOException {
    InstantSource earlier = InstantSource.fixed(Instant.ofEpochSecond(1_600_000_000L));
    TensorBoardFile.create(folder, CLOCK).close();
    TensorBoardFile.resume(folder, 5, CLOCK).close();
    TensorBoardFile.resume(folder, 6, earlier).close();
    List<Path> files = eventFiles();
    assertEquals(3, files.size());
    assertTrue(texts(files.get(1)).getLast().contains("step: 6 session_log"));
    assertTrue(texts(files.get(2)).getLast().contains("step: 7 session_log"));
  }

  private List<Path> eventFiles() throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Returns each event of a file as text. */
  private static List<String> texts(Path file) throws IOException {
    return EventFiles.events(file).stream()
        .map(
            event -> {
              assertTrue(event.getUnknownFields().asMap().isEmpty());
              return TextFormat.printer().emittingSingleLine(true).printToString(event).strip();
            })
        .toList();
  }
}
