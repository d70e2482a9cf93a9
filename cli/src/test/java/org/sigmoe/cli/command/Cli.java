package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.sigmoe.cli.output.Console;

/**
 * One run of the command in this process.
 *
 * @param exitCode of it
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record Cli(int exitCode, String out, String err) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Runs the command with nothing on standard input and no terminal. */
  static Cli run(String... arguments) {
    return runWithInput("", arguments);
  }

  static Cli runWithInput(String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false);
    int exitCode = Sigmoe.run(console, arguments);
    return new Cli(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Requires that it did what it was asked to. */
  Cli done() {
    assertEquals(0, exitCode, () -> "standard error: " + err);
    return this;
  }

  /** Requires that it refused with exit code 2, and one sentence on standard error alone. */
  String refused() {
    assertEquals(2, exitCode, () -> "standard error: " + err);
    return sentence();
  }

  /** The one line of standard error, without the name of the program. */
  String sentence() {
    List<String> lines = err.lines().toList();
    assertEquals(1, lines.size(), err);
    assertEquals("sigmoe: ", lines.getFirst().substring(0, 8));
    return lines.getFirst().substring(8);
  }

  /** Standard output as one JSON object. */
  JsonNode json() {
    List<JsonNode> objects = jsonLines();
    assertEquals(1, objects.size(), out);
    return objects.getFirst();
  }

  /** Standard output as a JSON object a line. */
  List<JsonNode> jsonLines() {
    return out.lines().map(Cli::parse).toList();
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + line, e);
    }
  }
}
