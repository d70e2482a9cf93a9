package org.sigmoe.xl.tokenizer.sentencepiece;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program of SentencePiece's own, for tests that run only where it is installed. */
public final class ReferenceProgram {
  private final String name;

  private ReferenceProgram(String name) {
    this.name = name;
  }

  /** The program; the test that asks is skipped where it is not installed. */
  public static ReferenceProgram require(String name) {
    boolean isThere =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    assumeTrue(isThere, name + " is not installed (Debian: apt install sentencepiece)");
    return new ReferenceProgram(name);
  }

  /** What it prints, where its input is these bytes. */
  public byte[] run(Path folder, byte[] input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(List.of(arguments));
    Path in = Files.write(folder.resolve(name + ".in"), input);
    Path out = folder.resolve(name + ".out");
    Path err = folder.resolve(name + ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> text(err));
    return Files.readAllBytes(out);
  }

  /** The tokens that {@code spm_encode} prints, a list for each line. */
  public static List<int[]> tokens(byte[] printed) {
    return new String(printed, StandardCharsets.UTF_8)
        .lines()
        .map(
            line ->
                Arrays.stream(line.split(" "))
                    .filter(word -> !word.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray())
        .toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
