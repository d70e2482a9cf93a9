package org.sigmoe.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.LiveLine;
import org.sigmoe.cli.run.CorpusProgress;
import org.sigmoe.xl.data.PreparedData;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sigmoe data info}: shows a prepared data set, and verifies it. */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = {
      "Show a prepared data set, and verify that all its tokens are those that were written."
    })
final class DataInfoCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "Folder of the data set")
  private Path folder = Path.of("");

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  private final Console console;

  private DataInfoCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    return new CommandLine(new DataInfoCommand(console));
  }

  @Override
  public Integer call() {
    PreparedData data = PreparedData.open(folder);
    LiveLine line = new LiveLine(console.err(), System::nanoTime);
    Consumer<String> progress = console.errIsTerminal() ? line::show : text -> {};
    try {
      data.verify(new CorpusProgress(progress, progress));
    } finally {
      line.clear();
    }
    if (json) {
      console.out().println(Json.line(DataView.object(data)));
    } else {
      DataView.lines(data).forEach(console.out()::println);
      console.out().println("verified: all tokens are those that were written");
    }
    return ExitCode.DONE;
  }
}
