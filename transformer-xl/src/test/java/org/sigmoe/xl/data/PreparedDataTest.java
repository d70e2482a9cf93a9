package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.xl.tokenizer.SymbolTokenizer;
import org.sigmoe.xl.tokenizer.SymbolTokenizer.Symbols;

class PreparedDataTest {
  @TempDir private Path root;

  private Path folder;

  @BeforeEach
  void prepare() throws IOException {
    folder = prepare("data", "a b c", Split.values());
  }

  private Path prepare(String name, String symbols, Split... splits) throws IOException {
    Path made = Files.createDirectories(root.resolve(name));
    SymbolTokenizer.Collector seen = new SymbolTokenizer.Collector(Symbols.CHARACTERS);
    byte[] bytes = symbols.getBytes(StandardCharsets.UTF_8);
    seen.add(bytes, 0, bytes.length);
    StoredTokenizer tokenizer = StoredTokenizer.of(seen.tokenizer());
    tokenizer.keepIn(made);
    List<DatasetManifest.SplitEntry> entries = new ArrayList<>();
    for (Split split : splits) {
      try (TokenFileWriter writer =
          new TokenFileWriter(
              DatasetManifest.tokens(made, split),
              tokenizer.tokenizer().vocabularySize(),
              tokenizer.digest().sha256(),
              "made")) {
        writer.write(new int[] {0, 1, 2, split.ordinal()});
        TokenFileHeader header = writer.finish(new TextCounts(4, 4, 4, 1));
        entries.add(new DatasetManifest.SplitEntry(split.label(), 4, header.sha256()));
      }
    }
    DatasetManifest manifest =
        DatasetManifest.of(
            name,
            new DatasetManifest.TokenizerEntry(
                tokenizer.name(),
                "characters seen",
                tokenizer.tokenizer().vocabularySize(),
                tokenizer.digest().sha256()),
            entries,
            List.of(),
            Map.of());
    Files.write(DatasetManifest.file(made), JsonFile.bytes(manifest));
    return made;
  }

  private CorpusOptions options() {
    return CorpusOptions.defaults().withCache(root.resolve("cache"));
  }

  private static String refusal(Path folder) {
    return assertThrows(DataException.class, () -> PreparedData.open(folder)).getMessage();
  }

  @Test
  void itsFolderIsACorpusWithItsOwnSplitsAndTokenizer() {
    CorpusSource source = CorpusSource.ofOptions(folder, null, null);

    assertEquals(new CorpusSource.Prepared(folder), source);
    try (Corpus corpus = Corpus.open(source, options())) {
      assertEquals(Set.of(Split.values()), corpus.splits());
      assertEquals("characters seen", corpus.tokenizer().name());
      assertEquals(2, Reading.tokens(corpus.split(Split.TEST), 3, 1)[0]);
      assertEquals(Optional.of(new TextCounts(4, 4, 4, 1)), corpus.split(Split.TRAIN).countText());
    }
    assertEquals(4, Corpus.tokenizer(source).vocabularySize());
  }

  @Test
  void itTakesNoOtherHeldOutTexts() {
    assertThrows(DataException.class, () -> CorpusSource.ofOptions(folder, root, null));
  }

  @Test
  void toTryAModelItGivesItsTestSplitElseItsValidSplit() throws IOException {
    try (Corpus corpus = Corpus.open(new CorpusSource.TestOnly(folder), options())) {
      assertEquals(2, Reading.tokens(corpus.split(Split.TEST), 3, 1)[0]);
    }
    Path noTest = prepare("noTest", "abc", Split.TRAIN, Split.VALID);
    try (Corpus corpus = Corpus.open(new CorpusSource.TestOnly(noTest), options())) {
      assertEquals(Set.of(Split.TEST), corpus.splits());
      assertEquals(1, Reading.tokens(corpus.split(Split.TEST), 3, 1)[0]);
    }
    try (Corpus corpus = Corpus.open(new CorpusSource.Prepared(noTest), options())) {
      assertTrue(
          assertThrows(DataException.class, () -> corpus.split(Split.TEST))
              .getMessage()
              .contains("no test split"));
    }
  }

  @Test
  void theSameTokensOfAnotherTokenizerAreOtherData() throws IOException {
    Path other = prepare("other", "x y z", Split.values());

    assertNotEquals(fingerprint(folder), fingerprint(other));
    assertEquals(fingerprint(folder), fingerprint(prepare("again", "a b c", Split.values())));
  }

  private String fingerprint(Path data) {
    try (Corpus corpus = Corpus.open(new CorpusSource.Prepared(data), options())) {
      return corpus.fingerprint();
    }
  }

  @Test
  void aDatasetJsonOfAnotherProgramDoesNotMakeAFolderPrepared() throws IOException {
    Path own = Files.createDirectories(root.resolve("own"));
    Files.writeString(own.resolve("dataset.json"), "{\"format\": \"csv\"}");
    assertFalse(DatasetManifest.isIn(own));
    Files.writeString(own.resolve("dataset.json"), "no json");
    assertFalse(DatasetManifest.isIn(own));
    assertFalse(DatasetManifest.isIn(root.resolve("none")));

    assertEquals(new CorpusSource.Automatic(own), CorpusSource.ofOptions(own, null, null));
  }

  @Test
  void filesThatDoNotBelongTogetherAreRefused() throws IOException {
    Path other = prepare("other", "x y z", Split.values());
    Path tokens = DatasetManifest.tokens(folder, Split.VALID);
    Files.copy(
        DatasetManifest.tokens(other, Split.VALID), Files.deleteIfExists(tokens) ? tokens : tokens);
    assertTrue(refusal(folder).contains("valid.tokens"), refusal(folder));

    Files.delete(other.resolve("tokenizer.json"));
    Files.copy(folder.resolve("tokenizer.json"), other.resolve("tokenizer.json"));
    assertTrue(refusal(other).contains("tokenizer.json"), refusal(other));
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    Files.delete(DatasetManifest.tokens(folder, Split.TRAIN));

    assertTrue(refusal(folder).contains("train.tokens"), refusal(folder));
  }

  @Test
  void theManifestCannotLeadOutOfTheFolder() throws IOException {
    Files.copy(folder.resolve("tokenizer.json"), root.resolve("tokenizer.json"));
    Path file = DatasetManifest.file(folder);
    String manifest = Files.readString(file);
    for (String elsewhere : List.of("../tokenizer.json", root + "/tokenizer.json", "", ".")) {
      Files.writeString(file, manifest.replace("\"tokenizer.json\"", '"' + elsewhere + '"'));

      assertTrue(refusal(folder).contains("dataset.json"), refusal(folder));
    }
  }

  @Test
  void anotherVersionIsRefusedBeforeItsFieldsAreRead() throws IOException {
    Files.writeString(
        DatasetManifest.file(folder), "{\"format\":\"sigmoe-dataset\",\"version\":2,\"new\":1}");

    assertTrue(refusal(folder).contains("version 2"), refusal(folder));
  }

  @Test
  void textOfAByteCorpusIsCounted() throws IOException {
    Path file = Files.writeString(root.resolve("t.txt"), "one tw\u00f6\n".repeat(100));
    try (Corpus corpus = Corpus.open(new CorpusSource.Given(file, file(1), null), options())) {
      assertEquals(
          Optional.of(new TextCounts(900, 900, 800, 200)), corpus.split(Split.TRAIN).countText());
      assertEquals(Optional.empty(), corpus.storedTokenizer());
    }
  }

  private Path file(int lines) throws IOException {
    return Files.writeString(root.resolve("v.txt"), "valid\n".repeat(lines));
  }
}
