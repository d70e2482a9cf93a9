package org.sigmoe.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.analysis.AnalysisRun;
import org.sigmoe.cli.analysis.AnalysisText;
import org.sigmoe.cli.analysis.RunAnalysis;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.LiveLine;
import org.sigmoe.cli.run.Checkpoints;
import org.sigmoe.cli.run.RunFolders;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.xl.checkpoint.RunLayout;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe analyse}: how a text uses the feed-forward blocks of a trained model. */
@Command(
    name = "analyse",
    mixinStandardHelpOptions = true,
    description = {
      "Show how a text uses the feed-forward blocks of a trained model.",
      "Active units of dense and top-K blocks, experts and which of them occur together, values of"
          + " product-key memories; layer by layer, and whole in analysis.json in the folder of the"
          + " run."
    })
final class AnalyseCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "Folder of the run")
  private Path folder = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Text to read: a file, a directory, a .zip, or prepared data (the run's test text)")
  private @Nullable Path data;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Tokens to read at most, spread over the text (131072)")
  private long tokens = AnalysisRun.TOKENS;

  @Option(
      names = "--checkpoint",
      paramLabel = "WHICH",
      description = "best (default), last, or the number of a step")
  private String checkpoint = "best";

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  private final Console console;
  private final ConfigFlags flags = new ConfigFlags();

  private AnalyseCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    AnalyseCommand command = new AnalyseCommand(console);
    CommandLine line = new CommandLine(command);
    command.flags.addTo(line.getCommandSpec(), ConfigFlag.Group.ENGINE);
    return line;
  }

  @Override
  public Integer call() throws IOException {
    if (tokens < 1) {
      throw new UsageException("--tokens: must be at least 1, got " + tokens);
    }
    RunLayout run = RunFolders.existing(folder);
    Configuration config = Configuration.ofRun(run.config(), flags.settings());
    AnalysisRun asked = new AnalysisRun(Checkpoints.parse(checkpoint), data, tokens);
    LiveLine line = new LiveLine(console.err(), System::nanoTime);
    RunAnalysis analysis =
        asked.analyse(
            run,
            config,
            text -> line.above("sigmoe: " + text),
            console.errIsTerminal() ? line::show : text -> {});
    line.clear();
    analysis.write(run);
    if (json) {
      console.out().println(Json.line(analysis.json()));
    } else {
      AnalysisText.lines(analysis.found(), analysis.text()).forEach(console.out()::println);
      console.out().println("all of it is in " + RunAnalysis.file(run));
    }
    return ExitCode.DONE;
  }
}
