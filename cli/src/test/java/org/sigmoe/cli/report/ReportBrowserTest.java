package org.sigmoe.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.cli.report.runs.RunFinder;

/** Opens a report in Chromium, where that is installed. */
class ReportBrowserTest {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");

  @TempDir private Path folder;

  /** The first browser on the path. */
  private static Optional<Path> browser() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator))
        .filter(entry -> !entry.isEmpty())
        .flatMap(entry -> NAMES.stream().map(Path.of(entry)::resolve))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** What the browser writes to both of its streams. */
  private String open(Path browser, Path page, String... more) throws Exception {
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>(List.of(browser.toString(), "--headless"));
    command.addAll(List.of("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"));
    command.addAll(List.of("--disable-background-networking", "--disable-component-update"));
    command.addAll(List.of("--disable-sync", "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(List.of("--enable-logging=stderr", "--virtual-time-budget=5000"));
    command.addAll(List.of(more));
    command.add(page.toUri().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the browser does not end");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return Files.readString(output);
  }

  private Path page() throws IOException {
    MadeUpRun.finished(folder.resolve("runs/a/seed-1"), 1, Map.of());
    MadeUpRun.finished(folder.resolve("runs/a/seed-2"), 2, Map.of());
    MadeUpRun.finished(
        folder.resolve("runs/b"), 1, Map.of("model.feedForward.dFeedForward", "640"));
    Report report =
        Report.of(
            RunFinder.read(List.of(folder)),
            List.of(),
            LocalDateTime.of(2026, 1, 2, 3, 4),
            "sigmoe 1.0");
    return Files.writeString(folder.resolve("report.html"), report.html());
  }

  @Test
  void browserShowsTheFiguresAndRunsTheScript() throws Exception {
    Optional<Path> browser = browser();
    assumeTrue(
        browser.isPresent(),
        "no Chromium on the PATH (apt install chromium): the report is not opened in a browser");

    String seen = open(browser.get(), page(), "--dump-dom");

    assertTrue(seen.contains("<html lang=\"en\" class=\"js\""), "the script runs");
    assertFalse(seen.contains("Content Security Policy"), "and the policy stops nothing");
    assertFalse(seen.contains("Uncaught"), "and fails nowhere");
    assertTrue(seen.contains("<figure id=\"loss\""));
    assertTrue(seen.contains("<figure id=\"flops\""));
    assertTrue(seen.contains("<div class=\"controls\">"), "the switches are shown");
    assertEquals(7, count(seen, "<div class=\"variant\""), "six of the loss, one of the other");
    assertEquals(5, count(seen, " hidden=\"\"><div class=\"wide\">"), "one of the loss is seen");
  }

  private static int count(String text, String what) {
    return text.split(Pattern.quote(what), -1).length - 1;
  }
}
