package org.sigmoe.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.LiveLine;
import org.sigmoe.cli.output.Units;
import org.sigmoe.cli.run.CorpusProgress;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.Storage;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.data.CorpusOptions;
import org.sigmoe.xl.data.CorpusSource;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.tokenizer.sentencepiece.SentencePieceTokenizer;
import org.sigmoe.xl.tokenizer.sentencepiece.SpmTrain;
import org.sigmoe.xl.tokenizer.sentencepiece.bpe.BpeTrainer;
import org.sigmoe.xl.tokenizer.sentencepiece.bpe.TrainingProgress;
import org.sigmoe.xl.tokenizer.sentencepiece.model.ModelType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.SentencePieceModel;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;
import org.sigmoe.xl.tokenizer.sentencepiece.normalize.NormalizationRule;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sigmoe tokenizer train}: trains a SentencePiece model. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Train a SentencePiece model.",
      "A line of text is a sentence. Without --input: the Java sources that come with the JDK, less"
          + " those that sigmoe train holds out."
    },
    footer = {
      "",
      "The flags are those of spm_train, whose programs read the model too. Memory is needed for the"
          + " different words of the text (about 25 bytes a character), not for the text; with"
          + " --no-split-by-whitespace, for the different lines."
    })
final class TokenizerTrainCommand implements Callable<Integer> {

  @Option(
      names = "--input",
      paramLabel = "PATH",
      arity = "1..*",
      description = "Texts: files, directories, .zip or .jar")
  private List<Path> inputs = List.of();

  @Option(names = "--output", paramLabel = "FILE", required = true, description = "The new .model")
  private Path output = Path.of("");

  @Mixin private TokenizerSettings settings = new TokenizerSettings();

  @Option(names = "--json", description = "Print the result as one JSON object")
  private boolean json;

  private final Console console;
  private final LiveLine line;

  private TokenizerTrainCommand(Console console) {
    this.console = console;
    line = new LiveLine(console.err(), System::nanoTime);
  }

  static CommandLine create(Console console) {
    return new CommandLine(new TokenizerTrainCommand(console));
  }

  /** Reads one text after the other. */
  @FunctionalInterface
  private interface Reader {
    void read(InputStream text) throws IOException;
  }

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    TrainerSpec spec = settings.trainer();
    Path folder = output.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(output)) {
      throw new UsageException(
          "--output: %s cannot be a file: there is no folder for it, or it is one"
              .formatted(output));
    }
    requireInputs();
    if (spec.modelType() == ModelType.BPE) {
      trainHere(spec).write(output);
    } else {
      byte[] model = trainByReference(spec, folder);
      AtomicFile.write(Storage.disk(), output, channel -> channel.write(ByteBuffer.wrap(model)));
    }
    line.clear();
    tell(Duration.ofNanos(System.nanoTime() - start));
    return ExitCode.DONE;
  }

  private void requireInputs() {
    for (Path input : inputs) {
      if (!Files.exists(input)) {
        throw new UsageException("--input: there is no " + input);
      }
    }
  }

  private SentencePieceModel trainHere(TrainerSpec spec) throws IOException {
    Set<NormalizerFlag> flags = settings.normalizer();
    NormalizationRule rule = settings.rule();
    Arguments.checked(() -> BpeTrainer.requireTrainable(spec, flags));
    BpeTrainer trainer = new BpeTrainer(spec, rule.spec(flags), new ShownProgress());
    readAll(trainer::read);
    return trainer.train();
  }

  private byte[] trainByReference(TrainerSpec spec, Path folder) throws IOException {
    String type = spec.modelType().name().toLowerCase(Locale.ROOT);
    SpmTrain reference =
        SpmTrain.find()
            .orElseThrow(
                () ->
                    new UsageException(
                        ("--model-type %s is trained by SentencePiece's own program spm_train, and"
                                + " there is none on the PATH; install it (Debian, Ubuntu: apt"
                                + " install sentencepiece; macOS: brew install sentencepiece), or"
                                + " take --model-type bpe")
                            .formatted(type)));
    note("training by " + reference.program());
    return reference.train(
        spec,
        settings.rule().label(),
        settings.normalizer(),
        out -> readAll(text -> text.transferTo(out)),
        folder);
  }

  private void readAll(Reader reader) throws IOException {
    CorpusOptions options =
        CorpusOptions.defaults().withProgress(new CorpusProgress(this::note, progress()));
    List<CorpusSource> sources = new ArrayList<>();
    inputs.forEach(input -> sources.add(new CorpusSource.TestOnly(input)));
    if (sources.isEmpty()) {
      sources.add(new CorpusSource.JdkSources());
    }
    for (CorpusSource source : sources) {
      try (Corpus corpus = Corpus.open(source, options)) {
        Split split = source instanceof CorpusSource.JdkSources ? Split.TRAIN : Split.TEST;
        reader.read(new TokenizerInput(corpus.split(split)));
      }
    }
  }

  private void tell(Duration time) {
    int pieces = SentencePieceTokenizer.open(output).vocabularySize();
    if (json) {
      console
          .out()
          .println(
              Json.line(
                  Json.object()
                      .put("model", output.toString())
                      .put("pieces", pieces)
                      .put("seconds", time.toMillis() / 1e3)));
    } else {
      console
          .out()
          .printf("%s: %s pieces in %s%n", output, Units.count(pieces), Units.duration(time));
    }
  }

  private void note(String message) {
    line.above("sigmoe: " + message);
  }

  private Consumer<String> progress() {
    return console.errIsTerminal() ? line::show : text -> {};
  }

  private final class ShownProgress implements TrainingProgress {
    @Override
    public void read(long bytes) {
      progress().accept("reading  " + Units.bytes(bytes));
    }

    @Override
    public void merged(int done, int total) {
      progress()
          .accept("merging  %s of %s pieces".formatted(Units.count(done), Units.count(total)));
    }

    @Override
    public void note(String message) {
      TokenizerTrainCommand.this.note(message);
    }
  }
}
