package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigmoeTest {

  @Test
  void versionNamesTheJavaThatRuns() {
    List<String> lines = Cli.run("--version").done().out().lines().toList();

    assertTrue(lines.getFirst().startsWith("sigmoe "), lines.getFirst());
    assertTrue(lines.get(1).contains(System.getProperty("java.version")), lines.get(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"train", "eval", "generate", "info", "compare", "analyse", "data", "completion"})
  void everyCommandHasHelp(String command) {
    String help = Cli.run(command, "--help").done().out();

    assertTrue(help.startsWith("Usage: sigmoe " + command), help);
    assertEquals(help, Cli.run("help", command).done().out());
    assertTrue(help.lines().allMatch(line -> line.length() <= 100), help);
  }

  @Test
  void noCommandIsBadUsage() {
    Cli none = Cli.run();

    assertEquals(2, none.exitCode());
    assertTrue(none.err().contains("sigmoe --help"), none.err());
  }

  @Test
  void unknownFlagIsRefusedWithTheNearest() {
    Cli unknown = Cli.run("train", "--step", "5");

    assertEquals(2, unknown.exitCode());
    assertTrue(unknown.err().contains("'--step'"), unknown.err());
    assertTrue(unknown.err().contains("--steps"), unknown.err());
  }

  @Test
  void failureShowsWhereInTheProgramOnlyWhenAsked() {
    assertEquals(1, Cli.run("info", "--heads", "3").err().lines().count());
    assertTrue(
        Cli.run("info", "--heads", "3", "--stacktrace").err().contains("\tat org.sigmoe"),
        "a stack trace");
  }

  @Test
  void completionIsAScriptThatBashTakes(@TempDir Path folder)
      throws IOException, InterruptedException {
    String script = Cli.run("completion").done().out();
    Path file = Files.writeString(folder.resolve("completion"), script);

    assertTrue(script.contains("--checkpoint-every"), "flags of train");
    Process bash = new ProcessBuilder("bash", "-n", file.toString()).start();
    assertEquals(0, bash.waitFor());
  }
}
