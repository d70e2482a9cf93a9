package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusTest {

  private static final String TWENTY = "0123456789abcdefghij";

  @TempDir Path folder;
  private CorpusOptions options;

  @BeforeEach
  void chooseCache() {
    options = CorpusOptions.defaults().withCache(folder.resolve("cache"));
  }

  @Test
  void oneFileIsSplitByPositionAndMappedWhereItIs() {
    Path file = write("data.txt", TWENTY + TWENTY);
    try (Corpus corpus = automatic(file)) {
      assertEquals((TWENTY + TWENTY).substring(0, 36), text(corpus, Split.TRAIN));
      assertEquals("gh", text(corpus, Split.VALID));
      assertEquals("ij", text(corpus, Split.TEST));
      assertEquals("the valid split of " + file, corpus.split(Split.VALID).description());
    }
    assertTrue(Files.notExists(options.cache()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10})
  void fileTooSmallToSplitSaysWhatIsNeeded(int bytes) {
    Path file = write("data.txt", TWENTY.substring(0, bytes));
    String message = refusal(new CorpusSource.Automatic(file));
    assertTrue(message.contains("has " + bytes + " bytes"), message);
    assertTrue(message.contains("11 are needed"), message);
    assertTrue(message.contains("--valid"), message);
  }

  @Test
  void smallestFileThatCanBeSplitHasElevenBytes() {
    try (Corpus corpus = automatic(write("data.txt", TWENTY.substring(0, 11)))) {
      assertEquals("012345678", text(corpus, Split.TRAIN));
      assertEquals("9", text(corpus, Split.VALID));
      assertEquals("a", text(corpus, Split.TEST));
    }
  }

  @Test
  void textToTryAModelOnIsTheTestSplitAsAWhole() {
    Path file = write("data.txt", TWENTY);
    try (Corpus corpus = Corpus.open(new CorpusSource.TestOnly(file), options)) {
      assertEquals(TWENTY, text(corpus, Split.TEST));
      assertEquals(Set.of(Split.TEST), corpus.splits());
    }
  }

  @Test
  void directoryIsSplitByPath() {
    write("dir/f1.txt", "1");
    write("dir/f2.txt", "2"); // falls to test
    write("dir/f29.txt", "29"); // falls to valid
    write("dir/f3.txt", "3");
    try (Corpus corpus = automatic(folder.resolve("dir"))) {
      assertEquals("13", text(corpus, Split.TRAIN));
      assertEquals("29", text(corpus, Split.VALID));
      assertEquals("2", text(corpus, Split.TEST));
      assertEquals(Set.of(Split.values()), corpus.splits());
    }
  }

  @Test
  void archiveIsSplitLikeTheDirectoryItPacks() {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    for (int i = 0; i < 60; i++) {
      entries.put("f" + i + ".txt", "text " + i);
      write("dir/f" + i + ".txt", "text " + i);
    }
    Path zip = TestFiles.zip(folder.resolve("dir.zip"), entries);
    try (Corpus archive = automatic(zip);
        Corpus directory = automatic(folder.resolve("dir"))) {
      for (Split split : Split.values()) {
        assertEquals(text(directory, split), text(archive, split));
      }
      assertEquals(directory.fingerprint(), archive.fingerprint());
    }
  }

  @Test
  void namesInAnArchiveNeverBecomePaths() {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    List<String> names =
        List.of(
            "../../evil.txt",
            "/absolute.txt",
            "C:\\windows.txt",
            "a/../../b",
            "train.bin",
            "..",
            "new\nline",
            "long".repeat(10_000));
    names.forEach(name -> entries.put(name, "text of it "));
    entries.put("f29.txt", "valid");
    entries.put("f30.txt", "test");
    Path zip = TestFiles.zip(folder.resolve("nasty.zip"), entries);
    long bytes = 0;
    try (Corpus corpus = automatic(zip)) {
      for (Split split : Split.values()) {
        bytes += corpus.split(split).length();
      }
    }
    assertEquals(names.size() * 11L + 9, bytes);
    for (String path : TestFiles.tree(folder)) {
      assertTrue(
          path.matches(
              "nasty.zip|cache(/corpora(/[0-9a-f]{16}(/[0-9a-f]{16}"
                  + "(/(train.bin|valid.bin|test.bin|manifest.json))?)?)?)?"),
          path);
    }
  }

  @Test
  void archiveOfOneTextIsSplitByPosition() {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    entries.put("enwik8", TWENTY);
    try (Corpus corpus = automatic(TestFiles.zip(folder.resolve("enwik8.zip"), entries))) {
      assertEquals(TWENTY.substring(0, 18), text(corpus, Split.TRAIN));
      assertEquals("j", text(corpus, Split.TEST));
    }
  }

  @Test
  void directoryThatLeavesASplitEmptySaysHowItsFilesFallAndWhatHelps() {
    write("dir/f1.txt", "1");
    write("dir/f3.txt", "3");
    write("dir/f30.txt", "test");
    String message = refusal(new CorpusSource.Automatic(folder.resolve("dir")));
    assertTrue(message.contains("2 fall to train, 0 to valid and 1 to test"), message);
    assertTrue(message.contains("--valid"), message);
    assertTrue(Files.notExists(options.cache()));
  }

  @Test
  void givenTextsAreUsedWhole() {
    Path train = write("train.txt", "learned");
    write("valid/b.txt", "B");
    write("valid/a.txt", "A");
    Path valid = folder.resolve("valid");
    try (Corpus corpus = open(new CorpusSource.Given(train, valid, null))) {
      assertEquals("learned", text(corpus, Split.TRAIN));
      assertEquals("AB", text(corpus, Split.VALID));
      assertEquals(Set.of(Split.TRAIN, Split.VALID), corpus.splits());
      DataException e = assertThrows(DataException.class, () -> corpus.split(Split.TEST));
      assertTrue(e.getMessage().contains("--test"), e.getMessage());
    }
    Path test = write("test.txt", "tested");
    try (Corpus corpus = open(new CorpusSource.Given(train, valid, test))) {
      assertEquals("tested", text(corpus, Split.TEST));
    }
  }

  @Test
  void heldOutTextThatIsAlsoLearnedFromIsRefused() throws IOException {
    Path train = write("train.txt", "learned");
    Path link = Files.createSymbolicLink(folder.resolve("link"), train);
    Path other = write("other.txt", "other");
    String message = refusal(new CorpusSource.Given(train, link, null));
    assertTrue(message.contains("--data and --valid are the same"), message);
    assertTrue(refusal(new CorpusSource.Given(train, other, train)).contains("--data and --test"));
    assertTrue(refusal(new CorpusSource.Given(train, other, other)).contains("--valid and --test"));
  }

  @Test
  void messageNamesTheOptionWhoseFileIsMissing() {
    Path train = write("train.txt", "learned");
    Path missing = folder.resolve("missing");
    assertTrue(refusal(new CorpusSource.Automatic(missing)).contains("check --data"));
    assertTrue(refusal(new CorpusSource.Given(train, missing, null)).contains("check --valid"));
  }

  @Test
  void javaSourcesOfAJdkAreTheDefault() {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    for (int i = 0; i < 40; i++) {
      entries.put("java.base/p/C%d.java".formatted(i), "class C%d {}\n".formatted(i));
    }
    entries.put("java.base/logo.png", "not Java");
    Path home = folder.resolve("jdk");
    write("jdk/release", "");
    TestFiles.zip(write("jdk/lib/src.zip", ""), entries);
    CorpusOptions withJdk = new CorpusOptions(options.cache(), List.of(home), Progress.NONE);
    try (Corpus corpus = Corpus.open(new CorpusSource.JdkSources(), withJdk)) {
      assertEquals(home.resolve("lib/src.zip").toString(), corpus.description());
      StringBuilder all = new StringBuilder();
      for (Split split : Split.values()) {
        all.append(text(corpus, split));
      }
      assertEquals(40, all.toString().lines().filter(l -> l.startsWith("class C")).count());
      assertEquals(-1, all.indexOf("not Java"));
    }
  }

  @Test
  void jdkWithoutSourcesNamesTheOptionToUseInstead() {
    CorpusOptions without =
        new CorpusOptions(options.cache(), List.of(folder.resolve("jlinked")), Progress.NONE);
    DataException e =
        assertThrows(
            DataException.class, () -> Corpus.open(new CorpusSource.JdkSources(), without));
    assertTrue(e.getMessage().contains("--data"), e.getMessage());
    assertTrue(e.getMessage().contains("jlinked has no lib/src.zip"), e.getMessage());
  }

  @Test
  void fingerprintChangesWithTheTextOfAnySplit() {
    String first;
    try (Corpus corpus = automatic(write("data.txt", TWENTY))) {
      first = corpus.fingerprint();
    }
    try (Corpus corpus = automatic(write("copy.txt", TWENTY))) {
      assertEquals(first, corpus.fingerprint());
    }
    try (Corpus corpus = automatic(write("data.txt", TWENTY.replace('i', 'I')))) {
      assertNotEquals(first, corpus.fingerprint());
    }
  }

  @Test
  void closedCorpusCannotBeRead() {
    Corpus corpus = automatic(write("data.txt", TWENTY));
    TokenSource train = corpus.split(Split.TRAIN);
    corpus.close();
    assertThrows(IllegalStateException.class, () -> Reading.tokens(train, 0, 1));
  }

  private Path write(String name, String text) {
    return TestFiles.write(folder.resolve(name), text);
  }

  private Corpus automatic(Path data) {
    return open(new CorpusSource.Automatic(data));
  }

  private Corpus open(CorpusSource source) {
    return Corpus.open(source, options);
  }

  private String refusal(CorpusSource source) {
    return assertThrows(DataException.class, () -> open(source).close()).getMessage();
  }

  private static String text(Corpus corpus, Split split) {
    return Reading.text(corpus.split(split));
  }
}
