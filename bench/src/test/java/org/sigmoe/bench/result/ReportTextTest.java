package org.sigmoe.bench.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTextTest {
  private static final Peaks PEAKS = new Peaks(20e9, Map.of("f32", 100e9, "bf16", 90e9));

  @Test
  void oursAndThePeersStandSideBySideWithRatioAndShare() throws IOException {
    Row row = row(null, "wt-s,batch=16", new Samples(100, 90, 120), new Samples(250));
    String text = ReportText.of(report("cpu", List.of(row)));
    assertTrue(text.contains("\n- Processor: one\n"), text);
    assertTrue(
        text.contains("- Peaks seen here: memory 20.0 GB/s, products in bf16 90.0 GFLOP/s"), text);
    assertTrue(
        text.contains(
            "| layer/sigma-moe | wt-s,batch=16 | f32 | 2 | 100 (90.00 to 120) "
                + "| 250 (250 to 250) | 2.50 | 25.00 | 25% | 10.0 GFLOP/s | 40,960 | 3.0 | 2e-07 |"),
        text);
  }

  @Test
  void aSeriesGetsItsExponents() throws IOException {
    List<Row> rows =
        List.of(
            row("k", "figure,batch=4,k=1", new Samples(10), null),
            row("k", "figure,batch=4,k=2", new Samples(20), null),
            row("k", "figure,batch=4", new Samples(40), null));
    String text = ReportText.of(report("cpu", rows));
    assertTrue(
        text.contains(
            "| experts of a token K | layer/sigma-moe | f32 | 2 | 1, 4 | 1.00 | 1.000 | 0.00 |"),
        text);
  }

  @Test
  void figuresOfPeersStandBesideResultsOfACudaDeviceAlone() throws IOException {
    Row row = row(null, "figure", new Samples(2), null);
    String text = ReportText.of(report("cuda-0", List.of(row)));
    assertTrue(text.contains("NVIDIA H100 80GB HBM3"), text);
    assertTrue(
        text.contains(
            "| layer/sigma-moe | figure | the paper's Triton kernels (moe_layer) | f32 | 7.77 |"
                + " 6.68 |  | "),
        text);
    assertTrue(text.contains("| **Sigmoe** | f32 | 2.00 (2.00 to 2.00) |  | 2.00 | 3.0 |"), text);
    assertFalse(ReportText.of(report("cpu", List.of(row))).contains("H100"));
  }

  @Test
  void whatFailedIsTold() throws IOException {
    Report failed =
        new Report("ops", "cpu", List.of(), PEAKS, List.of(), List.of(), List.of("it is wrong"));
    assertTrue(ReportText.of(failed).contains("## Not measured\n\n- it is wrong\n"));
  }

  @Test
  void writtenReportsAreReadAndDrawn(@TempDir Path folder) throws IOException {
    List<Row> rows =
        List.of(
            row("figure-9", "figure,batch=4,experts=8", new Samples(10), new Samples(20)),
            row("figure-9", "figure,batch=4,experts=16", new Samples(11), new Samples(21)),
            row("figure-9", "figure,batch=4", new Samples(12), new Samples(22)));
    Report report = report("cpu", rows);
    report.write(folder);
    Report again = Report.read(folder.resolve("layers-cpu.json"));
    assertEquals(ReportText.of(report), ReportText.of(again));
    List<Path> drawn = Figures.draw(again, folder);
    assertEquals(4, drawn.size(), drawn.toString());
    Path time = folder.resolve("figure-9-cpu-f32-2-time.svg");
    assertTrue(Files.readString(time).startsWith("<?xml"));
  }

  private static Report report(String engine, List<Row> rows) {
    return new Report(
        "layers", engine, List.of("Processor: one"), PEAKS, rows, List.of(), List.of());
  }

  private static Row row(
      @Nullable String sweep, String sizes, Samples samples, @Nullable Samples peer) {
    return new Row(
        sweep,
        "layer/sigma-moe",
        sizes,
        "f32",
        2,
        samples,
        peer,
        1_000_000_000L,
        2_000_000L,
        3_000_000L,
        25,
        2e-7);
  }
}
