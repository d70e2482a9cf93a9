package org.sigmoe.xl.tokenizer.sentencepiece;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;

/**
 * The reference's trainer, a program of its own that may be installed: for the types of models that
 * are not trained here.
 */
public final class SpmTrain {
  private static final String PROGRAM = "spm_train";

  /** So much of what it says last is told when it fails. */
  private static final int TOLD_LINES = 3;

  private final Path program;

  private SpmTrain(Path program) {
    this.program = program;
  }

  /** Writes the texts to train on, a sentence a line. */
  @FunctionalInterface
  public interface Texts {
    /** Writes all of them. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** The program, where the environment variable PATH finds it. */
  public static Optional<SpmTrain> find() {
    return find(Optional.ofNullable(System.getenv("PATH")).orElse(""));
  }

  static Optional<SpmTrain> find(String path) {
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, PROGRAM))
        .filter(Files::isExecutable)
        .findFirst()
        .map(SpmTrain::new);
  }

  /** Where it is. */
  public Path program() {
    return program;
  }

  /**
   * Trains a model.
   *
   * @param rule the name of the rules of normalisation, of those that the program has
   * @param folder where it may write; what it writes is removed
   * @return the bytes of the {@code .model} file
   * @throws TokenizerException if it fails, with what it said last
   * @throws IOException if the texts cannot be read or the folder cannot be written
   */
  public byte[] train(
      TrainerSpec spec, String rule, Set<NormalizerFlag> flags, Texts texts, Path folder)
      throws IOException {
    Path work = Files.createTempDirectory(folder, "." + PROGRAM);
    Path log = work.resolve("log");
    Path prefix = work.resolve("trained");
    try {
      Process process =
          new ProcessBuilder(command(spec, rule, flags, prefix))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        feed(process, texts);
        if (process.waitFor() != 0) {
          throw new TokenizerException(PROGRAM + " failed: " + end(log));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new TokenizerException(PROGRAM + " was interrupted", e);
      } finally {
        process.destroy();
        process.onExit().join();
      }
      return Files.readAllBytes(work.resolve("trained.model"));
    } finally {
      for (String name : List.of("log", "trained.model", "trained.vocab")) {
        Files.deleteIfExists(work.resolve(name));
      }
      Files.deleteIfExists(work);
    }
  }

  /** A program that fails early closes its input; why it failed is told by its own words. */
  private static void feed(Process process, Texts texts) throws IOException {
    OutputStream in = process.getOutputStream();
    Pipe pipe = new Pipe(in);
    texts.writeTo(pipe);
    try {
      in.close();
    } catch (IOException e) {
      pipe.broken = true;
    }
  }

  /** Takes what is written as long as somebody reads. */
  private static final class Pipe extends OutputStream {
    private final OutputStream out;
    private boolean broken;

    Pipe(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      if (!broken) {
        try {
          out.write(bytes, from, length);
        } catch (IOException e) {
          broken = true;
        }
      }
    }
  }

  private static String end(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    return String.join(" / ", lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size()));
  }

  private List<String> command(
      TrainerSpec spec, String rule, Set<NormalizerFlag> flags, Path prefix) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.add("--input=/dev/stdin");
    command.add("--model_prefix=" + prefix);
    command.add("--model_type=" + spec.modelType().name().toLowerCase(Locale.ROOT));
    command.add("--vocab_size=" + spec.vocabSize());
    command.add("--character_coverage=" + spec.characterCoverage());
    command.add("--input_sentence_size=" + spec.inputSentenceSize());
    command.add("--max_sentence_length=" + spec.maxSentenceLength());
    command.add("--max_sentencepiece_length=" + spec.maxSentencepieceLength());
    command.add("--normalization_rule_name=" + rule);
    for (TrainerFlag flag : TrainerFlag.values()) {
      command.add("--" + flag.label() + "=" + spec.has(flag));
    }
    command.add("--add_dummy_prefix=" + flags.contains(NormalizerFlag.ADD_DUMMY_PREFIX));
    command.add(
        "--remove_extra_whitespaces=" + flags.contains(NormalizerFlag.REMOVE_EXTRA_WHITESPACES));
    return command;
  }
}
