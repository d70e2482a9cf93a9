package org.sigmoe.xl.data.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.documents.TextLayout.Plain;

class TextFileTest {
  private static final TextLayout LINES = TextLayout.of(Plain.LINES);
  private static final TextLayout WHOLE = TextLayout.of(Plain.WHOLE);

  @TempDir private Path folder;

  private Path write(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private Path write(String name, String content) throws IOException {
    return write(name, content.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static List<String> texts(TextReader reader) {
    try (reader) {
      List<String> texts = new ArrayList<>();
      for (byte[] text = reader.next(); text != null; text = reader.next()) {
        texts.add(new String(text, StandardCharsets.UTF_8));
      }
      return texts;
    }
  }

  private static List<String> texts(Path file, TextLayout layout) {
    return texts(TextFile.of(file).open(layout, read -> {}));
  }

  private static String refusal(Path file, TextLayout layout) {
    DataException e = assertThrows(DataException.class, () -> texts(file, layout));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    return e.getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "a.txt,PLAIN",
    "a.TXT.gz,PLAIN",
    "a,PLAIN",
    "json,PLAIN",
    "a.jsonl,JSON_LINES",
    "c4-train.00000-of-01024.json.gz,JSON_LINES",
    "x.ndjson.zst,JSON_LINES",
    "y.parquet,PARQUET"
  })
  void theNameTellsTheFormat(String name, TextFile.Format format) {
    assertEquals(format, TextFile.Format.of(name));
  }

  @Test
  void linesComeWithoutTheirEndsAndEmptyOnesNot() throws IOException {
    Path file = write("t", " a b \n\nc\r\n\r\n\u20ac");

    assertEquals(List.of(" a b ", "c", "\u20ac"), texts(file, LINES));
    assertEquals(List.of(" a b \n\nc\r\n\r\n\u20ac"), texts(file, WHOLE));
  }

  @Test
  void linesLongerThanABufferComeWhole() throws IOException {
    String line = "x".repeat(200_000);

    assertEquals(List.of("a", line, line), texts(write("t", "a\n" + line + "\n" + line), LINES));
  }

  @Test
  void aWholeTextComesInPiecesThatEndBetweenCharacters() throws IOException {
    String text = "x" + "\ud83d\ude00".repeat(50_000);

    List<String> pieces = texts(write("t", text), WHOLE);

    assertTrue(pieces.size() > 2, "pieces: " + pieces.size());
    assertEquals(text, String.join("", pieces));
    assertTrue(pieces.stream().noneMatch(piece -> piece.contains("\ufffd")), "whole characters");
  }

  @Test
  void bytesThatAreNoTextComeAsTheyAre() throws IOException {
    byte[] bytes = new byte[100_000];
    Arrays.fill(bytes, (byte) 0xBF);
    Path file = write("t", bytes);

    int count = 0;
    try (TextReader reader = TextFile.of(file).open(WHOLE, read -> {})) {
      for (byte[] piece = reader.next(); piece != null; piece = reader.next()) {
        count += piece.length;
      }
    }
    assertEquals(bytes.length, count);
  }

  @Test
  void aLineLongerThanAllowedIsRefusedBeforeItFillsTheMemory() throws IOException {
    Path file = write("t", "short\n" + "x".repeat(1_000_000));

    assertTrue(refusal(file, new TextLayout(Plain.LINES, "text", 1000)).contains("line 2"), "line");
  }

  @Test
  void compressedTextIsReadByItsFirstBytes() throws IOException {
    byte[] half = gzip("one\ntwo\n");
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    twice.write(half);
    twice.write(half);

    assertEquals(
        List.of("one", "two", "one", "two"), texts(write("a", twice.toByteArray()), LINES));
    byte[] zstd = Zstd.compress("one\ntwo".getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of("one", "two"), texts(write("b.zst", zstd), LINES));
    assertTrue(refusal(write("c", "BZh91AY"), LINES).contains("bzip2"), "bzip2");
  }

  @Test
  void brokenCompressionIsAFaultOfTheFile() throws IOException {
    byte[] whole = gzip("some text that is compressed\n".repeat(100));
    Path cut = write("a.gz", Arrays.copyOf(whole, whole.length / 2));

    refusal(cut, LINES);
    byte[] zstd = Zstd.compress("one\ntwo".repeat(1000).getBytes(StandardCharsets.UTF_8));
    refusal(write("b.zst", Arrays.copyOf(zstd, zstd.length - 3)), LINES);
  }

  @Test
  void partsAreBytesOfTheContent() throws IOException {
    TextFile file = TextFile.of(write("t.gz", gzip("0123456789")));

    assertEquals(10, file.contentBytes());
    assertEquals(List.of("345"), texts(file.open(WHOLE, 3, 6, read -> {})));
    assertEquals(List.of("89"), texts(file.open(WHOLE, 8, 100, read -> {})));
    assertEquals(10, TextFile.of(write("t", "0123456789")).contentBytes());
  }

  @Test
  void aPartBeginsWithALine() throws IOException {
    TextFile file = TextFile.of(write("t", "ab\ncd\nef"));

    assertEquals(
        List.of(0L, 3L, 3L, 3L, 6L, 6L, 6L, 8L, 8L),
        List.of(0, 1, 2, 3, 4, 5, 6, 7, 8).stream().map(i -> file.lineStart(i)).toList());
  }

  @Test
  void aPartOfATextWithoutLinesBeginsWithACharacter() throws IOException {
    TextFile file = TextFile.of(write("t", "\u20ac".repeat(700_000)));

    assertEquals(3, file.lineStart(1));
    assertEquals(3, file.lineStart(3));
    assertEquals(6, file.lineStart(4));
  }

  @Test
  void readersHearHowManyBytesWereRead() throws IOException {
    Path file = write("t", "x\n".repeat(100_000));
    AtomicLong read = new AtomicLong();

    texts(TextFile.of(file).open(LINES, read::addAndGet));

    assertEquals(200_000, read.get());
  }

  @Test
  void documentsAreAFieldOfEachLine() throws IOException {
    String lines =
        """
        {"url": "u", "text": "one\\ntwo", "n": {"text": ["x", 1.5e3]}}

        {"text": ""}
        {"text": null}
        {"other": [[]], "text": "\\u20ac \\ud83d\\ude00 \\ud800"}
        """;

    assertEquals(
        List.of("one\ntwo", "\u20ac \ud83d\ude00 ?"), texts(write("t.jsonl", lines), LINES));
    assertEquals(
        List.of("u"),
        texts(write("u.json", "{\"url\":\"u\"}"), new TextLayout(Plain.LINES, "url", 100)));
    assertEquals(
        List.of("one\ntwo", "\u20ac \ud83d\ude00 ?"),
        texts(write("t.jsonl.gz", gzip(lines)), WHOLE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"text\"]",
        "text",
        "{\"text\": \"a\"",
        "{\"text\": \"a",
        "{\"text\": 5}",
        "{\"text\": [\"a\"]}",
        "{\"txt\": \"a\"}",
        "{\"text\": \"a\"} {\"text\": \"b\"}",
        "{\"text\": \"\\x\"}"
      })
  void aLineThatIsNoDocumentIsRefusedByItsNumber(String line) throws IOException {
    Path file = write("t.jsonl", "{\"text\": \"good\"}\n" + line + "\n");

    assertTrue(refusal(file, LINES).contains("line 2"), refusal(file, LINES));
  }

  @Test
  void depthDoesNotExhaustTheStack() throws IOException {
    Path file = write("t.jsonl", "{\"a\":" + "[".repeat(100_000) + "}\n");

    assertTrue(refusal(file, LINES).contains("line 1"), refusal(file, LINES));
  }

  @Test
  void aMissingFileIsNamed() {
    assertThrows(DataException.class, () -> TextFile.of(folder.resolve("none")));
    assertThrows(DataException.class, () -> TextFiles.open(folder.resolve("none")));
  }
}
