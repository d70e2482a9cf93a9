package org.sigmoe.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.analysis.AnalysisRun;
import org.sigmoe.cli.analysis.RunAnalysis;
import org.sigmoe.cli.config.ConfigException;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.figure.FigureFiles;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.LiveLine;
import org.sigmoe.cli.output.ResultFile;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.report.Report;
import org.sigmoe.cli.report.ReportJson;
import org.sigmoe.cli.report.Sampling;
import org.sigmoe.cli.report.TextSample;
import org.sigmoe.cli.report.figures.Figure;
import org.sigmoe.cli.report.runs.RunFinder;
import org.sigmoe.cli.report.runs.RunRecord;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.tokenizer.TokenizerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe report}: one HTML file about one or many runs. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Write a report of runs: one HTML file, which needs nothing else and no network.",
      "Loss curves, quality against what models take, use of experts, units and values, texts that"
          + " the models write, settings and commands. What is missing or damaged in a run is told,"
          + " and stops nothing."
    },
    footer = {
      "",
      "A folder may be a run or hold runs, as the one of a comparison. Use of the feed-forward blocks"
          + " is taken from analysis.json where sigmoe analyse has left it.",
      "",
      "Example: sigmoe report runs/jdk --analyse --samples 2 --prompt 'public class '"
    })
final class ReportCommand implements Callable<Integer> {
  private static final String FILE = "report.html";

  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      description = "Folders of runs, or folders with runs in them")
  private List<Path> folders = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The file (report.html in the folder of a single run, else here)")
  private @Nullable Path out;

  @Option(
      names = "--analyse",
      description = "Look how the test text uses each model that was not analysed yet")
  private boolean analyse;

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Let the best checkpoint of each run write N texts (0)")
  private int samples;

  @Option(names = "--prompt", paramLabel = "TEXT", description = "What comes before these texts")
  private String prompt = "";

  @Option(names = "--sample-length", paramLabel = "N", description = "Their length in tokens (400)")
  private int sampleLength = 400;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description = "Of their draws; below 1: likelier tokens (0.8)")
  private double temperature = 0.8;

  @Option(names = "--svg", paramLabel = "DIR", description = "Write each figure as SVG there too")
  private @Nullable Path svg;

  @Option(names = "--png", paramLabel = "DIR", description = "Write each figure as PNG there too")
  private @Nullable Path png;

  @Option(names = "--json", description = "Print the numbers as one JSON object")
  private boolean json;

  private final Console console;
  private final LiveLine line;
  private final ConfigFlags flags = new ConfigFlags();

  private ReportCommand(Console console) {
    this.console = console;
    this.line = new LiveLine(console.err(), System::nanoTime);
  }

  static CommandLine create(Console console) {
    ReportCommand command = new ReportCommand(console);
    CommandLine line = new CommandLine(command);
    command.flags.addTo(line.getCommandSpec(), ConfigFlag.Group.ENGINE);
    return line;
  }

  @Override
  public Integer call() throws IOException {
    Sampling sampling =
        Arguments.checked(() -> new Sampling(samples, prompt, sampleLength, temperature));
    List<RunRecord> runs = new ArrayList<>();
    List<TextSample> texts = new ArrayList<>();
    for (RunRecord found : RunFinder.read(folders)) {
      RunRecord run = analyse ? analysed(found) : found;
      runs.add(sampling.count() > 0 ? sampled(run, sampling, texts) : run);
    }
    line.clear();
    Path target = target(runs);
    Report report = Report.of(runs, texts, LocalDateTime.now(), new Version().getVersion()[0]);
    made(target.toAbsolutePath().getParent());
    ResultFile.write(target, report.html());
    export(report);
    if (json) {
      console.out().println(Json.line(ReportJson.object(report)));
    } else {
      console
          .out()
          .printf(
              "report   %s (%s, %s)%n",
              target,
              runs.size() == 1 ? "1 run" : runs.size() + " runs",
              Units.bytes(Files.size(target)));
    }
    return ExitCode.DONE;
  }

  private Path target(List<RunRecord> runs) {
    if (out != null) {
      return out;
    }
    return runs.size() == 1 ? runs.getFirst().folder().resolve(FILE) : Path.of(FILE);
  }

  /** Does something with the model of a run. */
  @FunctionalInterface
  private interface Work {
    RunRecord with(Configuration config, Consumer<String> notes, Consumer<String> progress)
        throws IOException;
  }

  private RunRecord analysed(RunRecord run) {
    if (run.analysis().isPresent()) {
      return run;
    }
    return attempt(
        run,
        "It could not be analysed",
        (config, notes, progress) -> {
          RunLayout layout = new RunLayout(run.folder());
          RunAnalysis analysis = AnalysisRun.ofTestText().analyse(layout, config, notes, progress);
          analysis.write(layout);
          return run.withAnalysis(analysis);
        });
  }

  private RunRecord sampled(RunRecord run, Sampling sampling, List<TextSample> texts) {
    return attempt(
        run,
        "It could not write a text",
        (config, notes, progress) -> {
          texts.addAll(sampling.write(run.folder(), config, notes, progress));
          return run;
        });
  }

  /**
   * What does not work for one run is a gap of it, and the others are in the report all the same.
   */
  private RunRecord attempt(RunRecord run, String failed, Work work) {
    Consumer<String> progress =
        console.errIsTerminal() ? text -> line.show(run.name() + "  " + text) : text -> {};
    try {
      Configuration config =
          Configuration.ofRun(new RunLayout(run.folder()).config(), flags.settings());
      return work.with(config, text -> line.above("sigmoe: " + text), progress);
    } catch (IOException
        | UsageException
        | ConfigException
        | DataException
        | EngineException
        | TokenizerException
        | IllegalArgumentException e) {
      return run.withGap(failed + ": " + e.getMessage());
    }
  }

  private void export(Report report) throws IOException {
    FigureFiles files = new FigureFiles(text -> console.err().println("sigmoe: warning: " + text));
    for (Figure figure : report.figures().all()) {
      for (Figure.Variant variant : figure.variants()) {
        if (svg != null) {
          files.write(variant.wide(), made(svg), figure.fileName(variant), FigureFiles.Format.SVG);
        }
        if (png != null) {
          files.write(variant.wide(), made(png), figure.fileName(variant), FigureFiles.Format.PNG);
        }
      }
    }
  }

  private static Path made(@Nullable Path folder) throws IOException {
    return Files.createDirectories(folder == null ? Path.of("") : folder);
  }
}
