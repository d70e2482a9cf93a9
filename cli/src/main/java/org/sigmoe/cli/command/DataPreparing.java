package org.sigmoe.cli.command;

import java.util.function.Consumer;
import java.util.function.Function;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.LiveLine;
import org.sigmoe.cli.run.CorpusProgress;
import org.sigmoe.xl.data.PreparedData;
import org.sigmoe.xl.data.Progress;
import org.sigmoe.xl.data.prepare.DatasetPlan;
import org.sigmoe.xl.data.prepare.Preparation;

/** Carries out a plan and tells about it. */
final class DataPreparing {
  private final Console console;

  DataPreparing(Console console) {
    this.console = console;
  }

  /**
   * Prepares a data set.
   *
   * @param plan makes the plan, for which files may be looked at or fetched
   */
  int run(DataOptions options, Function<Progress, DatasetPlan> plan) {
    LiveLine line = new LiveLine(console.err(), System::nanoTime);
    Consumer<String> notes = text -> line.above("sigmoe: " + text);
    Progress progress =
        new CorpusProgress(notes, console.errIsTerminal() ? line::show : text -> {});
    PreparedData data;
    try {
      data = new Preparation(plan.apply(progress), options.out(), progress).run();
    } finally {
      line.clear();
    }
    if (options.json()) {
      console.out().println(Json.line(DataView.object(data)));
    } else {
      DataView.lines(data).forEach(console.out()::println);
      console.out().println("next: sigmoe train --data " + data.folder());
    }
    return ExitCode.DONE;
  }
}
