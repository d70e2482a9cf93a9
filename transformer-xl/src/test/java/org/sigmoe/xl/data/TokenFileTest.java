package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
  private static final String TOKENIZER = "ab".repeat(32);

  @TempDir private Path folder;

  private Path write(int vocabulary, int... tokens) throws IOException {
    Path file = folder.resolve("train.tokens");
    try (TokenFileWriter writer = new TokenFileWriter(file, vocabulary, TOKENIZER, "a b\u00f6ok")) {
      writer.write(tokens);
      writer.finish(new TextCounts(tokens.length, 10, 9, 2));
    }
    return file;
  }

  private static int[] read(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      TokenFile tokens = TokenFile.map(file, "tokens", arena);
      return Reading.tokens(tokens, 0, (int) tokens.length());
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "256,1", "257,2", "65536,2", "65537,4", "2147483647,4"})
  void tokensComeBackInAsManyBytesAsTheVocabularyNeeds(int vocabulary, int width)
      throws IOException {
    int[] tokens = {vocabulary - 1, 0, vocabulary / 2, vocabulary - 1};

    Path file = write(vocabulary, tokens);

    assertArrayEquals(tokens, read(file));
    assertEquals(128 + 64 + 4 * width, Files.size(file));
    TokenFileHeader header = TokenFile.verify(file, Progress.NONE);
    assertEquals(new TextCounts(4, 10, 9, 2), header.text());
    assertEquals(vocabulary, header.vocabulary());
    assertEquals(TOKENIZER, header.tokenizer());
    assertEquals("a b\u00f6ok", header.source());
  }

  @Test
  void tokensOfSeveralBuffersComeBack() throws IOException {
    int[] tokens = IntStream.range(0, 1_200_000).map(i -> i * 31 % 60_000).toArray();

    assertArrayEquals(tokens, read(write(60_000, tokens)));
  }

  @Test
  void aLongSourceIsCutBetweenTwoCharacters() throws IOException {
    Path file = folder.resolve("t");
    try (TokenFileWriter writer =
        new TokenFileWriter(file, 2, TOKENIZER, "x" + "\u20ac".repeat(2000))) {
      writer.write(new int[] {1});
      writer.finish(new TextCounts(1, 1, 1, 1));
    }

    assertEquals("x" + "\u20ac".repeat(1322), TokenFile.header(file).source());
    assertArrayEquals(new int[] {1}, read(file));
  }

  @Test
  void aFileThatWasNotFinishedIsNotThere() throws IOException {
    Path file = folder.resolve("train.tokens");
    try (TokenFileWriter writer = new TokenFileWriter(file, 5, TOKENIZER, "book")) {
      writer.write(new int[] {1, 2});
    }

    assertEquals(new TreeSet<>(), TestFiles.tree(folder));
  }

  @Test
  void aTokenOutsideTheVocabularyIsNotWritten() throws IOException {
    try (TokenFileWriter writer = new TokenFileWriter(folder.resolve("t"), 5, TOKENIZER, "book")) {
      assertThrows(IllegalArgumentException.class, () -> writer.write(new int[] {5}));
      assertThrows(IllegalArgumentException.class, () -> writer.write(new int[] {-1}));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 1000})
  void aFileThatBecameShorterOrLongerIsRefusedWhenOpened(int change) throws IOException {
    Path file = write(300, 1, 2, 3);
    try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(raw.length() + change);
    }

    assertRefused(file, "is damaged: it has");
  }

  @Test
  void everyChangedBitOfTheHeaderIsNoticedWhenOpened() throws IOException {
    Path file = write(300, 1, 2, 3);
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < 192; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= (byte) (1 << i % 8);
      Files.write(file, changed);

      assertThrows(DataException.class, () -> TokenFile.header(file), "byte " + i);
    }
  }

  @Test
  void changedTokensAreNoticedWhenVerified() throws IOException {
    Path file = write(300, 1, 2, 3);
    byte[] changed = Files.readAllBytes(file);
    changed[changed.length - 2] ^= 1;
    Files.write(file, changed);

    assertArrayEquals(new int[] {1, 2, 2}, read(file));
    DataException e =
        assertThrows(DataException.class, () -> TokenFile.verify(file, Progress.NONE));
    assertTrue(e.getMessage().contains("its tokens are not those"), e.getMessage());
  }

  @Test
  void aTokenThatIsNoneIsNotGivenToAModel() throws IOException {
    Path file = write(300, 1, 2, 3);
    byte[] changed = Files.readAllBytes(file);
    changed[changed.length - 1] = 2; // 3 becomes 515
    Files.write(file, changed);

    DataException e = assertThrows(DataException.class, () -> read(file));
    assertTrue(e.getMessage().contains("token 2"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "some text", "0123456789"})
  void otherFilesAreRefused(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("other"), content.repeat(30));

    assertRefused(file, "is no file of tokens");
  }

  @Test
  void aMissingFileIsNamed() {
    assertRefused(folder.resolve("none"), "it does not exist");
  }

  private static void assertRefused(Path file, String why) {
    DataException e = assertThrows(DataException.class, () -> TokenFile.header(file));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    assertTrue(e.getMessage().contains(why), e.getMessage());
    assertFalse(e.getMessage().contains("Exception"), e.getMessage());
  }
}
