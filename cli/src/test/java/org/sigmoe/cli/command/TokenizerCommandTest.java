package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerCommandTest {
  private static final String TEXT =
      "low low low low low lower lower newest newest newest newest newest newest widest widest 10\n";

  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), TEXT);
    model = folder.resolve("my.model");
    Cli trained =
        Cli.run(
                "tokenizer",
                "train",
                "--input",
                text.toString(),
                "--output",
                model.toString(),
                "--vocab-size=287",
                "--character-coverage=1",
                "--byte-fallback",
                "--split-digits",
                "--normalization-rule-name=identity",
                "--no-remove-extra-whitespaces")
            .done();
    assertTrue(trained.out().startsWith(model + ": 287 pieces in 0:0"), trained.out());
    assertTrue(trained.err().contains("5 different words"), trained.err());
  }

  @Test
  void linesOfStandardInputAreEncodedAndDecoded() {
    String text = "the lowest\n\n  new 😀 é\n";
    String tokens = Cli.runWithInput(text, "tokenizer", "encode", model.toString()).done().out();
    assertEquals(3, tokens.lines().count(), tokens);
    assertEquals(
        text, Cli.runWithInput(tokens, "tokenizer", "decode", model.toString()).done().out());
  }

  @Test
  void piecesAreShownAndTaken() {
    String pieces =
        Cli.run("tokenizer", "encode", model.toString(), "--pieces", "--text", "low newest low 10é")
            .done()
            .out();
    assertEquals("▁low ▁newest ▁low ▁ 1 0 <0xC3> <0xA9>\n", pieces);
    assertEquals(
        "low newest low 10é\n",
        Cli.run("tokenizer", "decode", model.toString(), "--pieces", "--text", pieces.strip())
            .done()
            .out());
  }

  @Test
  void jsonHasTokensAndPieces() {
    List<JsonNode> lines =
        Cli.runWithInput("low\nlow low\n", "tokenizer", "encode", model.toString(), "--json")
            .done()
            .jsonLines();
    assertEquals(2, lines.size());
    assertEquals("▁low", lines.get(1).get("pieces").get(1).asText());
    assertEquals(lines.get(0).get("tokens").get(0), lines.get(1).get("tokens").get(1));
    assertEquals(
        "low",
        Cli.run("tokenizer", "decode", model.toString(), "--json", "--pieces", "--text", "▁low")
            .done()
            .json()
            .get("text")
            .asText());
  }

  @Test
  void infoTellsTheSettings() {
    String out = Cli.run("tokenizer", "info", model.toString()).done().out();
    assertTrue(out.contains("type        bpe\n"), out);
    assertTrue(out.contains("287 (28 normal, 1 unknown, 2 control, 256 byte)"), out);
    assertTrue(out.contains("unknown 0, begin 1, end 2, padding none"), out);
    assertTrue(out.contains("split_digits, byte_fallback"), out);
    assertTrue(out.contains("identity (rules of 0 bytes); add_dummy_prefix, escape_"), out);
    JsonNode json = Cli.run("tokenizer", "info", model.toString(), "--json").done().json();
    assertEquals(287, json.get("pieces").asInt());
    assertEquals("bpe", json.get("modelType").asText());
    assertTrue(json.get("split_digits").asBoolean());
    assertFalse(json.get("remove_extra_whitespaces").asBoolean());
    assertEquals(-1, json.get("padId").asInt());
    List<String> pieces =
        Cli.run("tokenizer", "info", model.toString(), "--pieces").done().out().lines().toList();
    assertEquals(287, pieces.size());
    assertEquals("0\t<unk>\t0.0", pieces.getFirst());
    assertEquals("260\test\t-1.0", pieces.get(260));
  }

  @Test
  void aDirectoryIsATextToo() throws IOException {
    Path texts = Files.createDirectory(folder.resolve("texts"));
    Files.writeString(texts.resolve("a.txt"), "ab ab\n");
    Files.writeString(texts.resolve("b.txt"), "cd cd\n");
    Path output = folder.resolve("directory.model");
    JsonNode json =
        Cli.run(
                "tokenizer",
                "train",
                "--input",
                texts.toString(),
                "--output=" + output,
                "--vocab-size=12",
                "--normalization-rule-name=identity",
                "--json")
            .done()
            .json();
    assertEquals(12, json.get("pieces").asInt());
    assertEquals(
        "▁ab ▁cd\n",
        Cli.run("tokenizer", "encode", output.toString(), "--pieces", "--text", "ab cd")
            .done()
            .out());
  }

  @Test
  void whatCannotBeIsRefusedBeforeTraining() throws IOException {
    String text = folder.resolve("text.txt").toString();
    assertTrue(
        refused("--input", text, "--output=" + folder.resolve("no/such/x.model"))
            .startsWith("--output: "));
    String output = "--output=" + folder.resolve("refused.model");
    assertTrue(
        refused("--input", text, output, "--vocab-size=0")
            .startsWith("--vocab-size: must be 1 to"));
    assertTrue(
        refused("--input", text, output, "--character-coverage=0.5")
            .startsWith("--character-coverage: must be 0.98 to 1"));
    assertTrue(
        refused("--input", text, output, "--model-type=bep")
            .startsWith("--model-type: must be one of unigram, bpe, word, char, got 'bep'"));
    assertTrue(refused("--input", text + "x", output).contains("text.txtx"));
    assertFalse(Files.exists(folder.resolve("refused.model")));
  }

  private static String refused(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "tokenizer";
    all[1] = "train";
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    Cli cli = Cli.run(all);
    assertEquals(2, cli.exitCode(), cli.err());
    return cli.err().lines().reduce((first, last) -> last).orElse("").replaceFirst("^sigmoe: ", "");
  }

  @Test
  void aForeignModelOrTokenIsRefused() {
    String text = folder.resolve("text.txt").toString();
    assertTrue(Cli.run("tokenizer", "info", text).refused().contains("no SentencePiece model"));
    assertEquals(
        "'287' is no token of the model, which are 0 to 286",
        Cli.run("tokenizer", "decode", model.toString(), "--text", "287").refused());
    assertEquals(
        "'zz' is no piece of the model",
        Cli.run("tokenizer", "decode", model.toString(), "--pieces", "--text", "zz").refused());
  }
}
