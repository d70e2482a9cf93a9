package org.sigmoe.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.cli.report.runs.RunFinder;

/** Reports of runs that never were. */
class ReportTest {
  private static final String HOSTILE =
      "</pre><script>alert(1)</script><img src=x onerror='a()'>\u202e";

  @TempDir private Path folder;

  private Report report(TextSample... samples) throws IOException {
    return Report.of(
        RunFinder.read(List.of(folder)),
        List.of(samples),
        LocalDateTime.of(2026, 1, 2, 3, 4),
        "sigmoe 1.0");
  }

  private void run(String name, long seed) throws IOException {
    MadeUpRun.finished(folder.resolve(name), seed, Map.of());
  }

  private void wideRun(String name, int width) throws IOException {
    MadeUpRun.finished(
        folder.resolve(name), 1, Map.of("model.feedForward.dFeedForward", Integer.toString(width)));
  }

  private static int count(String html, String what) {
    return html.split(Pattern.quote(what), -1).length - 1;
  }

  @Test
  void oneRunIsAReport() throws IOException {
    run("mine", 1);
    String html = report().html();

    assertTrue(html.contains("<h1>Report of the run mine</h1>"), html);
    assertTrue(html.contains("<figure id=\"loss\""), html);
    assertEquals(6, count(html, "class=\"variant\""), "three axes in two scales");
    assertTrue(html.contains("923,656"), "its parameters");
    assertTrue(html.contains("sigmoe train --preset tiny --steps 100"), "its command");
    assertTrue(html.contains("dModel: 128"), "its settings");
    assertFalse(html.contains("<section class=\"gaps\""), "it has none");
  }

  @Test
  void twentyRunsAreReadable() throws IOException {
    for (int i = 0; i < 20; i++) {
      wideRun("width-" + (500 + i), 500 + i);
    }
    Report report = report();
    String html = report.html();

    assertEquals(20, count(html, "data-switch="), "each can be switched");
    assertTrue(html.contains("class=\"switched no-training no-raw\""), "held-out text alone");
    assertTrue(html.length() < 3_000_000, html.length() + " characters");
    assertEquals(
        2 * 20,
        report.figures().loss().orElseThrow().variants().getFirst().wide().marks().stream()
            .filter(mark -> mark.toString().contains(", held-out text"))
            .count(),
        "a curve for each, and a label beside it");
  }

  @Test
  void seedsAreOneModelWithItsSpread() throws IOException {
    run("a/seed-1", 1);
    run("a/seed-2", 2);
    wideRun("b", 600);
    String html = report().html();

    assertTrue(html.contains("3.3593 ± 0.0071"), html);
    assertTrue(html.contains("Figure 2"), "quality and cost");
    assertEquals(2, report().groups().size());
  }

  @Test
  void hostileTextsStayText() throws IOException {
    MadeUpRun made = MadeUpRun.finished(folder.resolve("<b onclick=a()>"), 1, Map.of());
    made.logged(
        "2026-01-02T03:20:00  warning: " + HOSTILE,
        "2026-01-02T03:20:00  command  sigmoe " + HOSTILE,
        "2026-01-02T03:20:00  java.io.IOException: " + HOSTILE);
    Path config = made.folder().resolve("config.yaml");
    Files.writeString(config, Files.readString(config) + "# " + HOSTILE + "\n");
    String html = report(new TextSample(made.folder(), 100, 1, 0.8, HOSTILE, HOSTILE)).html();

    assertEquals(1, count(html, "<script>"), "the page's own");
    assertFalse(html.contains("<img"));
    assertFalse(html.contains("<b onclick"));
    assertFalse(html.contains("\u202e"));
    assertTrue(count(html, "&lt;/pre&gt;&lt;script&gt;alert(1)") >= 6, "they are shown");
  }

  @Test
  void pageAsksForNothingAndAllowsItsOwnScriptAlone() throws Exception {
    run("mine", 1);
    String html = report().html();

    assertTrue(html.contains("default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-"));
    for (String element : List.of("script", "style")) {
      Matcher matcher =
          Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL).matcher(html);
      assertTrue(matcher.find());
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(matcher.group(1).getBytes(StandardCharsets.UTF_8));
      assertTrue(html.contains("sha256-" + Base64.getEncoder().encodeToString(hash)), element);
    }
    assertFalse(Pattern.compile("(?:src|href)=\"(?!data:image/png;base64,)").matcher(html).find());
    assertFalse(Pattern.compile("@import|url\\(|fetch\\(|https?://").matcher(html).find());
    assertFalse(html.contains(" style="));
  }

  @Test
  void gapsAreToldAndTheRestIsThere() throws IOException {
    run("whole", 1);
    MadeUpRun.begun(folder.resolve("dead"), 1, Map.of()).measured(10, 10, 3);
    MadeUpRun broken = MadeUpRun.finished(folder.resolve("broken"), 3, Map.of());
    Files.writeString(broken.folder().resolve("config.yaml"), "{");
    Files.writeString(broken.folder().resolve("analysis.json"), "{");
    MadeUpRun.begun(folder.resolve("empty"), 4, Map.of());
    String html = report().html();

    assertTrue(html.contains("<b>dead</b>: It is unfinished: 10 of 100 steps"), html);
    assertTrue(html.contains("of held-out text nothing is known"));
    assertTrue(html.contains("analysis.json is not used"));
    assertTrue(html.contains("It has measured nothing yet."));
    assertTrue(html.contains("<figure id=\"loss\""));
    assertTrue(html.contains(">unfinished, 10 of 100<"));
  }

  @Test
  void numbersThatAreNotFiniteBreakNothing() throws IOException {
    MadeUpRun made = MadeUpRun.begun(folder.resolve("nan"), 1, Map.of()).measured(10, 50, 3);
    Path metrics = made.folder().resolve("metrics.jsonl");
    Files.writeString(
        metrics,
        Files.readString(metrics)
            + "{\"step\":60,\"bitsPerToken\":\"NaN\",\"elapsedSeconds\":\"Infinity\"}\n"
            + "{\"step\":70,\"bitsPerToken\":\"Infinity\",\"elapsedSeconds\":1}\n");
    String html = report().html();

    assertFalse(
        Pattern.compile("d=\"[^\"]*(?:NaN|Infinity|9223372036854775807)").matcher(html).find());
  }
}
