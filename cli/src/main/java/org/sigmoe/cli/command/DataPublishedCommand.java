package org.sigmoe.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.output.Console;
import org.sigmoe.xl.data.CacheFolder;
import org.sigmoe.xl.data.Progress;
import org.sigmoe.xl.data.download.Downloads;
import org.sigmoe.xl.data.prepare.DatasetPlan;
import org.sigmoe.xl.data.prepare.PublishedData;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code sigmoe data enwik8} and its like: prepares a published data set. */
@Command(mixinStandardHelpOptions = true)
final class DataPublishedCommand implements Callable<Integer> {
  private static final String TEST_TOKENS = "--test-tokens";

  @Option(names = "--from", paramLabel = "PATH", arity = "1..*")
  private List<Path> from = List.of();

  @Option(
      names = TEST_TOKENS,
      paramLabel = "N",
      description = "Tokens of the test split, and of the valid split after it (0.5%% of all)")
  private @Nullable Long testTokens;

  @Mixin private DataOptions options = new DataOptions();

  private final PublishedData data;
  private final Console console;

  private DataPublishedCommand(PublishedData data, Console console) {
    this.data = data;
    this.console = console;
  }

  static CommandLine create(PublishedData data, Console console) {
    CommandLine line = new CommandLine(new DataPublishedCommand(data, console));
    CommandSpec command = line.getCommandSpec();
    command.name(data.label());
    command
        .usageMessage()
        .description(
            escaped(data.summary()) + ".",
            "Without --from it is downloaded, from an address that nobody has tried yet with this"
                + " program, and kept in the cache folder, ~/.cache/sigmoe/downloads.");
    OptionSpec fromFiles = command.findOption("--from");
    command.remove(fromFiles);
    command.addOption(
        OptionSpec.builder(fromFiles)
            .description("Take " + data.files() + ", and download nothing")
            .build());
    if (!data.cutsTest()) {
      command.remove(command.findOption(TEST_TOKENS));
    }
    return line;
  }

  private static String escaped(String text) {
    return text.replace("%", "%%");
  }

  @Override
  public Integer call() {
    return new DataPreparing(console).run(options, progress -> plan(progress, downloads(progress)));
  }

  private DatasetPlan plan(Progress progress, Supplier<Downloads> downloads) {
    return data.plan(options.plan(from, testTokens), downloads, progress);
  }

  /** One for all files, made when the first is needed, which lasts as long as the process. */
  private static Supplier<Downloads> downloads(Progress progress) {
    Downloads[] made = new Downloads[1];
    return () -> {
      if (made[0] == null) {
        made[0] =
            new Downloads(
                CacheFolder.ofUser().resolve("downloads"), Downloads.Patience.DEFAULT, progress);
      }
      return made[0];
    };
  }
}
