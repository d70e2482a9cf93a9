package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prepares small texts, and trains models of a few thousand parameters on them. */
class DataCommandTest {
  @TempDir private static Path shared;

  /** Prepared with a tokenizer of 60 pieces that was trained for it. */
  private static Path pieces;

  /** Trained on it. */
  private static Path trained;

  @TempDir private Path folder;

  @BeforeAll
  static void prepareAndTrain() throws IOException {
    pieces = prepare(shared.resolve("pieces"), "--vocab-size", "60");
    trained = shared.resolve("run");
    train(pieces, trained).done();
  }

  private static Path text(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      text.append("the quick brown fox jumps over ").append(i % 7).append(" lazy dogs\n");
    }
    return Files.writeString(file, text);
  }

  private static Path prepare(Path out, String... more) throws IOException {
    Path text = text(Files.createTempFile(out.getParent(), "text", ".txt"));
    List<String> arguments = new ArrayList<>(List.of("data", "text", "--from", text.toString()));
    arguments.addAll(List.of("--out", out.toString()));
    arguments.addAll(List.of(more));
    Cli.run(arguments.toArray(String[]::new)).done();
    return out;
  }

  private static Cli train(Path data, Path run) {
    List<String> arguments =
        new ArrayList<>(List.of("train", "--data", data.toString(), "--out", run.toString()));
    arguments.addAll(List.of("--layers", "2", "--d-model", "8", "--heads", "2", "--steps", "2"));
    arguments.addAll(List.of("--engine", "reference", "--d-ff", "16"));
    arguments.addAll(List.of("--context", "8", "--memory", "8", "--batch", "2", "--warmup", "0"));
    return Cli.run(arguments.toArray(String[]::new));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"enwik8", "wikitext-103", "c4", "pes2o", "ptb", "text", "info"})
  void everySubcommandHasHelp(String command) {
    String help = Cli.run("data", command, "--help").done().out();

    assertTrue(help.startsWith("Usage: sigmoe data " + command), help);
    assertTrue(help.lines().allMatch(line -> line.length() <= 100), help);
  }

  @ParameterizedTest
  @ValueSource(strings = {"enwik8", "wikitext-103", "c4", "pes2o", "ptb"})
  void helpSaysThatNobodyHasTriedTheAddress(String command) {
    String help = Cli.run("data", command, "--help").done().out();

    assertTrue(help.replaceAll("\\s+", " ").contains("that nobody has tried yet"), help);
  }

  @Test
  void aModelIsTrainedOnPiecesAndMeasuredByTheTextTheyStandFor() throws IOException {
    JsonNode info = Cli.run("data", "info", pieces.toString(), "--json").done().json();
    JsonNode found =
        Cli.run("eval", trained.toString(), "--engine", "reference", "--batch", "2", "--json")
            .done()
            .json();

    JsonNode test = info.get("splits").get("test");
    double bits = found.get("bitsPerToken").doubleValue() * test.get("tokens").longValue();
    assertEquals(
        bits / test.get("bytes").longValue(), found.get("bitsPerByte").doubleValue(), 1e-9);
    assertEquals(
        bits / test.get("characters").longValue(),
        found.get("bitsPerCharacter").doubleValue(),
        1e-9);
    assertEquals(
        Math.pow(2, bits / test.get("words").longValue()),
        found.get("wordPerplexity").doubleValue(),
        1e-6 * found.get("wordPerplexity").doubleValue());
    assertEquals(60, info.get("tokenizer").get("vocabulary").intValue());
    assertTrue(
        Files.readString(trained.resolve("config.yaml")).contains("vocabulary: 60"),
        "the model has the vocabulary of the data");
    String told =
        Cli.run("eval", trained.toString(), "--engine", "reference", "--batch", "2").done().out();
    assertTrue(
        told.lines()
            .toList()
            .get(1)
            .matches(
                "\\d\\.\\d{3} bits/byte, \\d\\.\\d{3} bits/character, perplexity of a word .*"),
        told);
  }

  @Test
  void aRunKeepsTheTokenizerAndNeedsTheDataNoLongerToWriteText() throws IOException {
    String tokenizer = pieces.resolve("tokenizer.model").toString();
    Path data = prepare(folder.resolve("data"), "--tokenizer", tokenizer);
    train(data, folder.resolve("run")).done();
    assertArrayEquals(
        Files.readAllBytes(data.resolve("tokenizer.model")),
        Files.readAllBytes(folder.resolve("run/tokenizer.model")));
    Files.move(data, folder.resolve("elsewhere"));

    Cli.run("generate", path("run"), "--engine", "reference", "--prompt", "the", "--length", "5")
        .done();
    Cli.run("generate", path("run"), "--engine", "reference", "--length", "5").done();
    Files.delete(folder.resolve("run/tokenizer.model"));
    String refusal =
        Cli.run("generate", path("run"), "--engine", "reference", "--length", "5").refused();
    assertTrue(refusal.contains("vocabulary of 60"), refusal);
  }

  @Test
  void aRunGoesOnWithItsOwnDataOnly() throws IOException {
    Path data = prepare(folder.resolve("data"), "--tokenizer", "bytes");
    train(data, folder.resolve("run")).done();
    Path other =
        prepare(folder.resolve("other"), "--tokenizer", "characters", "--limit-tokens", "5000");

    String refusal =
        Cli.run("train", "--resume", path("run"), "--steps", "6", "--data", other.toString())
            .refused();

    assertTrue(refusal.contains("data is not what the run began with"), refusal);
    Cli.run("train", "--resume", path("run"), "--steps", "6", "--quiet").done();
  }

  @Test
  void analyseReadsPreparedData() throws IOException {
    JsonNode analysis =
        Cli.run("analyse", trained.toString(), "--engine", "reference", "--tokens", "64", "--json")
            .done()
            .json();
    JsonNode again =
        Cli.run(
                "analyse",
                trained.toString(),
                "--data",
                pieces.toString(),
                "--engine",
                "reference",
                "--tokens",
                "64",
                "--json")
            .done()
            .json();

    assertEquals(64, analysis.get("tokens").longValue());
    assertEquals(analysis.get("layers"), again.get("layers"));
  }

  @Test
  void textThatIsNotInTheTokensOfTheModelIsRefused() throws IOException {
    String raw = text(folder.resolve("raw")).toString();

    for (String command : List.of("eval", "analyse")) {
      String refusal =
          Cli.run(command, trained.toString(), "--data", raw, "--engine", "reference").refused();
      assertTrue(refusal.contains("sigmoe data text"), refusal);
    }
  }

  @Test
  void aPromptOfCharactersThatWereNotSeenIsRefused() throws IOException {
    Path data = prepare(folder.resolve("data"), "--tokenizer", "characters");
    train(data, folder.resolve("run")).done();

    String refusal =
        Cli.run("generate", path("run"), "--engine", "reference", "--prompt", "\u20ac").refused();

    assertTrue(refusal.startsWith("--prompt: ") && refusal.contains("U+20AC"), refusal);
  }

  @Test
  void infoVerifiesEveryToken() throws IOException {
    Path data = prepare(folder.resolve("data"), "--tokenizer", "bytes");
    String shown = Cli.run("data", "info", data.toString()).done().out();
    assertTrue(shown.contains("verified"), shown);
    assertTrue(shown.contains("bytes seen, vocabulary 35"), shown);
    try (RandomAccessFile file =
        new RandomAccessFile(data.resolve("train.tokens").toFile(), "rw")) {
      file.seek(file.length() - 1);
      file.write(1); // a line break is 0
    }

    String refusal = Cli.run("data", "info", data.toString()).refused();

    assertTrue(refusal.contains("train.tokens is damaged"), refusal);
  }

  @Test
  void parquetIsReadOnlyWhereItsReaderWasAdded() throws IOException {
    Path file = Files.writeString(folder.resolve("a.parquet"), "PAR1");

    Cli refused =
        Cli.run(
            "data",
            "text",
            "--from",
            file.toString(),
            "--tokenizer",
            "bytes",
            "--out",
            folder.resolve("out").toString());

    assertEquals(2, refused.exitCode());
    assertTrue(refused.err().contains("org.duckdb:duckdb_jdbc"), refused.err());
  }

  @Test
  void whatCannotBePreparedIsRefusedInASentence() {
    Cli missing =
        Cli.run("data", "text", "--from", folder.resolve("none").toString(), "--out", path("out"));
    assertEquals(2, missing.exitCode());
    assertTrue(missing.err().contains("there is no file or folder"), missing.err());

    Cli limit = Cli.run("data", "text", "--from", "x", "--limit-tokens", "0", "--out", path("out"));
    assertTrue(limit.refused().startsWith("--limit-tokens: must be at least 1"), limit.err());
    assertFalse(Files.exists(folder.resolve("out/dataset.json")), "nothing was prepared");
  }
}
