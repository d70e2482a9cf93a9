package org.sigmoe.cli.command;

import org.sigmoe.cli.output.Console;
import org.sigmoe.xl.data.prepare.PublishedData;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code sigmoe data}: prepares data sets, and shows them. */
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Prepare a data set once: its tokens as files that are mapped into memory, its tokenizer, and"
          + " where all of it is from.",
      "Give its folder as --data to train, compare and analyse."
    },
    footer = {
      "",
      "Examples:",
      "  sigmoe data enwik8 --from enwik8.zip --out data/enwik8",
      "  sigmoe data text --from notes/ --tokenizer characters --out data/notes",
      "  sigmoe data text --from corpus.jsonl.zst --tokenizer my.model --out data/corpus",
      "  sigmoe data info data/enwik8",
      "  sigmoe train --data data/enwik8"
    })
final class DataCommand {

  private DataCommand() {}

  static CommandLine create(Console console) {
    CommandLine line = new CommandLine(new DataCommand());
    for (PublishedData data : PublishedData.values()) {
      line.addSubcommand(DataPublishedCommand.create(data, console));
    }
    line.addSubcommand(DataTextCommand.create(console));
    line.addSubcommand(DataInfoCommand.create(console));
    for (CommandLine command : line.getSubcommands().values()) {
      command.getCommandSpec().versionProvider(new Version());
      command.getCommandSpec().usageMessage().abbreviateSynopsis(true).sortOptions(false);
    }
    return line;
  }
}
