package org.sigmoe.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.sigmoe.cli.figure.Ink;
import org.sigmoe.cli.figure.Palette;

/**
 * A style sheet or script that stands in the page.
 *
 * @param text all of it
 */
record PageResource(String text) {

  /** The script of the page: it switches and sorts, and nothing else needs it. */
  static PageResource script() {
    return new PageResource(read("report.js"));
  }

  /** The style sheet, with the colours of the figures. */
  static PageResource style() {
    return new PageResource(
        ":root{color-scheme:light dark;%s}\n".formatted(variables(Palette.LIGHT))
            + "@media screen and (prefers-color-scheme: dark){:root{%s}}\n"
                .formatted(variables(Palette.DARK))
            + read("report.css"));
  }

  /** How the policy of the page names it. */
  String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String variables(Palette palette) {
    StringBuilder variables = new StringBuilder();
    for (Ink ink : Ink.Role.values()) {
      append(variables, palette, ink);
    }
    for (int i = 0; i < Palette.SERIES; i++) {
      append(variables, palette, new Ink.Series(i));
    }
    return variables.toString();
  }

  private static void append(StringBuilder variables, Palette palette, Ink ink) {
    variables.append(Palette.variable(ink)).append(':').append(palette.colour(ink)).append(';');
  }

  private static String read(String name) {
    try (InputStream in = PageResource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its file " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " of this program", e);
    }
  }
}
