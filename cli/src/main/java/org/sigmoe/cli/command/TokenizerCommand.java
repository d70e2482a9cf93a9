package org.sigmoe.cli.command;

import org.sigmoe.cli.output.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code sigmoe tokenizer}: makes tokenizers and tries them. Its subcommands do all of it. */
@Command(
    name = "tokenizer",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Train SentencePiece models, look at them, encode and decode with them.",
    footer = {
      "",
      "Examples:",
      "  sigmoe tokenizer train --output java.model         8,000 pieces, on the sources of the JDK",
      "  sigmoe tokenizer train --input texts/ --split-digits --output my.model",
      "  sigmoe tokenizer info my.model",
      "  sigmoe tokenizer encode my.model --pieces --text 'A sentence.'",
      "  sigmoe tokenizer encode my.model < text > tokens   a line for each line",
      "  sigmoe tokenizer decode my.model < tokens"
    })
final class TokenizerCommand {

  private TokenizerCommand() {}

  static CommandLine create(Console console) {
    CommandLine line = new CommandLine(new TokenizerCommand());
    line.addSubcommand(TokenizerTrainCommand.create(console));
    line.addSubcommand(TokenizerInfoCommand.create(console));
    line.addSubcommand(TokenizerEncodeCommand.create(console));
    line.addSubcommand(TokenizerDecodeCommand.create(console));
    for (CommandLine command : line.getSubcommands().values()) {
      command.getCommandSpec().versionProvider(new Version());
      command.getCommandSpec().usageMessage().abbreviateSynopsis(true).sortOptions(false);
    }
    return line;
  }
}
