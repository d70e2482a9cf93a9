package org.sigmoe.cli.command;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.sigmoe.cli.output.Console;

/** What comes for each line of standard input, or for a text in its place. */
final class TokenizerLines {

  private TokenizerLines() {}

  /** Makes a line of a line, neither with its end. */
  @FunctionalInterface
  interface Change {
    String apply(byte[] line);
  }

  /**
   * Prints a line for each.
   *
   * @param text one line, if not standard input
   */
  static void print(Console console, @Nullable String text, Change change) throws IOException {
    if (text != null) {
      console.out().println(change.apply(text.getBytes(StandardCharsets.UTF_8)));
      return;
    }
    PrintStream out =
        new PrintStream(new BufferedOutputStream(console.out()), false, StandardCharsets.UTF_8);
    InputStream in = new BufferedInputStream(console.in());
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        out.append(change.apply(line.toByteArray())).append('\n');
        line.reset();
        if (console.outIsTerminal()) {
          out.flush();
        }
      } else {
        line.write(next);
      }
    }
    if (line.size() > 0) {
      out.append(change.apply(line.toByteArray())).append('\n');
    }
    out.flush();
  }
}
