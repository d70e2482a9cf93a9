package org.sigmoe.cli.report;

import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.report.figures.Figure;
import org.sigmoe.cli.report.runs.RunGroup;
import org.sigmoe.cli.report.runs.RunRecord;

/** A report as one HTML file, which needs nothing else and asks no network for anything. */
final class ReportPage {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm", Locale.ENGLISH);

  /**
   * With more configurations than these, curves of the training text hide those of held-out text.
   */
  private static final int FEW = 4;

  private final Report report;
  private final Html html = new Html();
  private int figureNumber;

  ReportPage(Report report) {
    this.report = report;
  }

  String html() {
    PageResource style = PageResource.style();
    PageResource script = PageResource.script();
    html.single("!doctype", "html").line();
    html.open("html", "lang", "en").open("head").line();
    html.single("meta", "charset", "utf-8").line();
    html.single(
            "meta",
            "http-equiv",
            "Content-Security-Policy",
            "content",
            ("default-src 'none'; img-src data:; style-src %s; script-src %s; base-uri 'none';"
                    + " form-action 'none'")
                .formatted(style.hash(), script.hash()))
        .line();
    html.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
        .line();
    html.element("title", title()).line();
    html.own("style", style).close();
    html.open("body").line();
    header();
    html.open("main").line();
    gaps();
    results();
    curves();
    report.figures().quality().ifPresent(figure -> section("Quality and cost", List.of(figure)));
    use();
    samples();
    runs();
    html.close();
    html.own("script", script);
    return html.close().close() + "\n";
  }

  private String title() {
    List<RunRecord> runs = report.runs();
    return runs.size() == 1
        ? "Report of the run " + runs.getFirst().name()
        : "Report of %d runs".formatted(runs.size());
  }

  private void header() {
    html.open("header").element("h1", title());
    html.element("p", summary(), "class", "summary");
    html.element(
        "p",
        "%sMade %s by %s.".formatted(conditions(), DATE.format(report.made()), report.version()),
        "class",
        "meta");
    html.close().line();
  }

  /** The best configuration, in a sentence. */
  private String summary() {
    Optional<RunGroup> best =
        report.groups().stream()
            .filter(group -> group.isFinished() && group.lastBits().isPresent())
            .min(Comparator.comparingDouble(group -> group.lastBits().orElseThrow().mean()));
    return best.map(
            group ->
                "%s bits per %s of held-out text at the last validation%s."
                    .formatted(
                        Cell.spread(group.lastBits(), group.runs().size()).text(),
                        group.unit(),
                        report.groups().size() == 1
                            ? ""
                            : ": the lowest of %d configurations, by %s"
                                .formatted(report.groups().size(), group.name())))
        .orElse("No run was trained to its end and validated on held-out text.");
  }

  /** What all runs have in common. */
  private String conditions() {
    List<String> parts = new ArrayList<>();
    common(
            run ->
                run.log().sessions().stream()
                    .flatMap(s -> s.data().stream())
                    .findFirst()
                    .orElse(""))
        .ifPresent(data -> parts.add("Data: " + data + "."));
    common(ResultTables::engine).ifPresent(engine -> parts.add("Engine: " + engine + "."));
    return parts.isEmpty() ? "" : String.join(" ", parts) + " ";
  }

  private Optional<String> common(Function<RunRecord, String> what) {
    List<String> values = report.runs().stream().map(what).distinct().toList();
    return values.size() == 1 && !values.getFirst().isEmpty()
        ? Optional.of(values.getFirst())
        : Optional.empty();
  }

  private void gaps() {
    List<RunRecord> runs = report.runs().stream().filter(run -> !run.gaps().isEmpty()).toList();
    if (runs.isEmpty()) {
      return;
    }
    html.open("section", "class", "gaps", "aria-label", "gaps").element("h2", "Gaps").open("ul");
    for (RunRecord run : runs) {
      html.open("li").element("b", run.name()).text(": " + String.join(" ", run.gaps())).close();
    }
    html.close().close().line();
  }

  private void results() {
    html.open("section").element("h2", "Results");
    ResultTables.models(report.groups()).write(html);
    html.element(
        "p",
        "Bits of held-out text at the last validation and at the best one; with several seeds the"
            + " mean ± the standard deviation of one, of those that have come as far as any. FF"
            + " FLOPs: those of the forward pass of a feed-forward block, in percent of a dense block with as many parameters; FLOPs a"
            + " token: of the forward pass of the whole model. Memory: what a training takes on its"
            + " engine, as planned. Tokens/s: the median, training alone.",
        "class",
        "note");
    if (report.runs().size() > report.groups().size()
        || report.runs().size() == 1
        || report.runs().stream().anyMatch(run -> !run.gaps().isEmpty())) {
      html.element("h3", report.runs().size() == 1 ? "The run" : "Run by run");
      ResultTables.runs(report.groups()).write(html);
    }
    html.close().line();
  }

  private void curves() {
    html.open("section").element("h2", "Loss");
    if (report.figures().loss().isEmpty()) {
      html.element("p", "Nothing was measured yet.").close();
      return;
    }
    boolean few = report.groups().size() <= FEW;
    boolean single = report.runs().size() == 1;
    html.open("div", "class", "controls", "hidden");
    choice("x", "across", "steps", "tokens", "time");
    choice("scale", "scale", "linear", "logarithmic");
    html.open("fieldset").element("legend", "curves");
    layer("validation", "held-out text", true);
    layer("training", "training text", few);
    layer("raw", "as reported", single);
    html.close().close();
    legend();
    List<String> off = new ArrayList<>(List.of("switched"));
    if (!few) {
      off.add("no-training");
    }
    if (!single) {
      off.add("no-raw");
    }
    figure(report.figures().loss().get(), String.join(" ", off));
    html.close().line();
  }

  private void choice(String name, String title, String... values) {
    html.open("fieldset").element("legend", title);
    for (int i = 0; i < values.length; i++) {
      html.open("label");
      if (i == 0) {
        html.single("input", "type", "radio", "name", name, "value", values[i], "checked");
      } else {
        html.single("input", "type", "radio", "name", name, "value", values[i]);
      }
      html.text(values[i]).close();
    }
    html.close();
  }

  private void layer(String name, String title, boolean shown) {
    html.open("label");
    if (shown) {
      html.single("input", "type", "checkbox", "name", "layer", "value", name, "checked");
    } else {
      html.single("input", "type", "checkbox", "name", "layer", "value", name);
    }
    html.text(title).close();
  }

  /** Configurations with their lines; each switches its own in all figures. */
  private void legend() {
    if (report.groups().size() == 1) {
      return;
    }
    html.open("ul", "class", "legend", "aria-label", "configurations; switch them off and on");
    for (int i = 0; i < report.groups().size(); i++) {
      html.open("li")
          .open(
              "button",
              "type",
              "button",
              "aria-pressed",
              "true",
              "data-switch",
              Integer.toString(i));
      Swatch.write(html, i);
      html.text(report.groups().get(i).name()).close().close();
    }
    html.close();
  }

  private void section(String title, List<Figure> figures) {
    html.open("section").element("h2", title).line();
    figures.forEach(figure -> figure(figure, ""));
    html.close().line();
  }

  private void use() {
    List<Figure> figures = new ArrayList<>(report.figures().use());
    figures.addAll(report.figures().together());
    if (figures.isEmpty()) {
      html.open("section").element("h2", "Use of the feed-forward blocks");
      html.element("p", "Not looked at: sigmoe analyse, or sigmoe report --analyse, does it.");
      html.close().line();
    } else {
      section("Use of the feed-forward blocks", figures);
    }
  }

  private void figure(Figure figure, String classes) {
    figureNumber++;
    html.open("figure", "id", figure.id(), "class", classes).line();
    for (int i = 0; i < figure.variants().size(); i++) {
      Figure.Variant variant = figure.variants().get(i);
      List<String> attributes = new ArrayList<>(List.of("class", "variant"));
      variant.choices().forEach((name, value) -> attributes.addAll(List.of("data-" + name, value)));
      if (i > 0) {
        attributes.add("hidden");
      }
      html.open("div", attributes.toArray(String[]::new));
      html.open("div", "class", "wide").drawing(variant.wide()).close();
      html.open("div", "class", "narrow").drawing(variant.narrow()).close();
      html.close().line();
    }
    html.open("figcaption")
        .element("b", "Figure %d. ".formatted(figureNumber))
        .text(figure.caption())
        .close();
    html.close().line();
  }

  private void samples() {
    if (report.samples().isEmpty()) {
      return;
    }
    html.open("section").element("h2", "What the models write");
    for (int i = 0; i < report.groups().size(); i++) {
      for (RunRecord run : report.groups().get(i).runs()) {
        List<TextSample> samples =
            report.samples().stream().filter(s -> s.run().equals(run.folder())).toList();
        if (!samples.isEmpty()) {
          html.open("h3");
          Swatch.write(html, i);
          html.text(run.name()).close();
          samples.forEach(this::sample);
        }
      }
    }
    html.element(
        "p",
        "Bold: the prompt. The control characters of a text are shown as pictures of them.",
        "class",
        "note");
    html.close().line();
  }

  private void sample(TextSample sample) {
    html.open("figure", "class", "sample")
        .open("pre")
        .element("b", sample.prompt())
        .text(sample.text())
        .close()
        .element(
            "figcaption",
            "step %s, temperature %s, seed %d"
                .formatted(Units.count(sample.step()), sample.temperature(), sample.seed()))
        .close();
  }

  private void runs() {
    html.open("section").element("h2", report.runs().size() == 1 ? "Details" : "Runs").line();
    for (int i = 0; i < report.groups().size(); i++) {
      for (RunRecord run : report.groups().get(i).runs()) {
        RunDetails.write(html, run, i, report.runs().size() == 1);
      }
    }
    html.close().line();
  }
}
