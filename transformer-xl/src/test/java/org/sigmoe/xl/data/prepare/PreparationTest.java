package org.sigmoe.xl.data.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.checkpoint.FileDigest;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.data.CorpusOptions;
import org.sigmoe.xl.data.CorpusSource;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.DatasetManifest;
import org.sigmoe.xl.data.PreparedData;
import org.sigmoe.xl.data.Progress;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.data.TextCounts;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.tokenizer.Tokenizer;
import org.sigmoe.xl.tokenizer.sentencepiece.SentencePieceTokenizer;

class PreparationTest {
  @TempDir private static Path shared;

  private static Path model;

  @TempDir private Path folder;

  private Path out;

  @BeforeAll
  static void makeModel() throws IOException {
    model = MadeTexts.model(shared.resolve("m.model"));
  }

  @BeforeEach
  void nameOut() {
    out = folder.resolve("out");
  }

  private static PlanOptions options(Path from, String tokenizer) {
    PlanOptions published = PlanOptions.PUBLISHED;
    return new PlanOptions(
        List.of(from),
        Optional.of(tokenizer),
        OptionalInt.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        published.field(),
        published.separator());
  }

  private static PlanOptions limited(PlanOptions options, long train, long test) {
    return new PlanOptions(
        options.from(),
        options.tokenizer(),
        options.vocabulary(),
        OptionalLong.of(train),
        OptionalLong.of(test),
        options.field(),
        options.separator());
  }

  private PreparedData prepare(PublishedData data, PlanOptions options) {
    return prepare(data.plan(options, PreparationTest::noDownloads, Progress.NONE));
  }

  private PreparedData prepare(DatasetPlan plan) {
    return new Preparation(plan, out, Progress.NONE).run();
  }

  private static <T> T noDownloads() {
    throw new AssertionError("files that are there are not downloaded");
  }

  /** The tokens of a split, read as training reads them. */
  private int[] tokens(Split split) {
    try (Corpus corpus =
            Corpus.open(
                new CorpusSource.Prepared(out),
                CorpusOptions.defaults().withCache(folder.resolve("cache")));
        Arena arena = Arena.ofConfined()) {
      TokenSource source = corpus.split(split);
      int count = Math.toIntExact(source.length());
      MemorySegment target = arena.allocate(ValueLayout.JAVA_INT, count);
      source.read(0, count, target, 0);
      return target.toArray(ValueLayout.JAVA_INT);
    }
  }

  private String text(Split split) {
    return PreparedData.open(out).tokenizer().tokenizer().decode(tokens(split));
  }

  private static int[] encodeEach(Tokenizer tokenizer, List<String> texts) {
    return texts.stream().flatMapToInt(text -> Arrays.stream(tokenizer.encode(text))).toArray();
  }

  private Path wikiText() throws IOException {
    Path source = folder.resolve("wiki");
    MadeTexts.write(source.resolve("wiki.train.tokens"), MadeTexts.lines(300, 1));
    MadeTexts.write(
        source.resolve("wiki.valid.tokens"), List.of("the dogs", "", " ", "12 of Asia"));
    MadeTexts.write(source.resolve("wiki.test.tokens"), MadeTexts.lines(20, 3));
    return source;
  }

  @Test
  void wikiTextIsEncodedLineByLineWithoutLineBreaks() throws IOException {
    PreparedData data = prepare(PublishedData.WIKITEXT_103, options(wikiText(), model.toString()));

    Tokenizer tokenizer = SentencePieceTokenizer.open(model);
    assertArrayEquals(
        encodeEach(tokenizer, List.of("the dogs", "12 of Asia")), tokens(Split.VALID));
    assertArrayEquals(encodeEach(tokenizer, MadeTexts.lines(300, 1)), tokens(Split.TRAIN));
    TextCounts counts = data.headers().get(Split.VALID).text();
    assertEquals(new TextCounts(tokens(Split.VALID).length, 19, 19, 5), counts);
    assertEquals("wikitext-103", data.manifest().name());
    data.verify(Progress.NONE);
  }

  @Test
  void wikiTextComesFromItsArchiveToo() throws IOException {
    Path source = wikiText();
    Path zip = folder.resolve("wikitext-103-v1.zip");
    try (ZipOutputStream entries = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String name : List.of("wiki.train.tokens", "wiki.valid.tokens", "wiki.test.tokens")) {
        entries.putNextEntry(new ZipEntry("wikitext-103/" + name));
        Files.copy(source.resolve(name), entries);
        entries.closeEntry();
      }
    }

    PreparedData data = prepare(PublishedData.WIKITEXT_103, options(zip, model.toString()));

    assertArrayEquals(
        encodeEach(SentencePieceTokenizer.open(model), MadeTexts.lines(20, 3)), tokens(Split.TEST));
    assertEquals(1, data.manifest().sources().size());
    assertEquals(FileDigest.of(zip).sha256(), data.manifest().sources().getFirst().sha256());
  }

  @Test
  void theTokenizerIsTrainedOnTheTrainSplitWhereNoneIsGiven() throws IOException {
    PlanOptions options = options(wikiText(), "x");
    PreparedData data =
        prepare(
            PublishedData.WIKITEXT_103,
            new PlanOptions(
                options.from(),
                Optional.empty(),
                OptionalInt.of(50),
                OptionalLong.empty(),
                OptionalLong.empty(),
                options.field(),
                options.separator()));

    assertEquals(50, data.tokenizer().tokenizer().vocabularySize());
    assertEquals("tokenizer.model", data.tokenizer().name());
    // Digits are split: "12" is never one piece.
    int[] twelve = data.tokenizer().tokenizer().encode("12");
    assertTrue(twelve.length >= 2, Arrays.toString(twelve));
    assertEquals(
        Set.of("dataset.json", "tokenizer.model", "train.tokens", "valid.tokens", "test.tokens"),
        names(out));
  }

  private static Set<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      Set<String> names = new HashSet<>();
      files.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    }
  }

  @Test
  void enwik8IsBytesSplitByPosition() throws IOException {
    byte[] bytes = new byte[1000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (0x80 + i % 37); // no text, and so no characters
    }
    Path file = Files.write(folder.resolve("enwik8"), bytes);

    PreparedData data = prepare(PublishedData.ENWIK8, options(file, "bytes"));

    assertEquals(37, data.tokenizer().tokenizer().vocabularySize());
    assertEquals(900, tokens(Split.TRAIN).length);
    assertEquals(50, tokens(Split.VALID).length);
    assertEquals(950 % 37, tokens(Split.TEST)[0]);
    // Published results count its bytes as characters.
    assertEquals(new TextCounts(900, 900, 900, 1), data.headers().get(Split.TRAIN).text());
  }

  @Test
  void aFileThatIsNotEnwik8IsSaidToBeNone() throws IOException {
    Path file = Files.writeString(folder.resolve("enwik8"), "x".repeat(100));
    List<String> notes = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void update(String activity, long doneBytes, long totalBytes) {}

          @Override
          public void note(String message) {
            notes.add(message);
          }
        };

    PublishedData.ENWIK8.plan(options(file, "bytes"), PreparationTest::noDownloads, progress);

    assertTrue(notes.getFirst().contains("is not enwik8"), notes.toString());
  }

  private Path shards(int train, int validation) throws IOException {
    Path source = folder.resolve("c4");
    List<String> lines = MadeTexts.lines(train + validation, 5);
    int half = train / 2;
    MadeTexts.shard(source.resolve("c4-train.00001-of-00002.json.gz"), lines.subList(half, train));
    MadeTexts.shard(source.resolve("c4-train.00000-of-00002.json.gz"), lines.subList(0, half));
    MadeTexts.shard(
        source.resolve("c4-validation.00000-of-00001.json.gz"),
        lines.subList(train, train + validation));
    return source;
  }

  @Test
  void documentsAreJoinedBySeparatorsUpToTheLimit() throws IOException {
    Path source = shards(40, 60);
    Tokenizer tokenizer = SentencePieceTokenizer.open(model);
    List<String> lines = MadeTexts.lines(100, 5);
    List<String> first = lines.subList(0, 30).stream().map(t -> t + "<STORY_SEP>").toList();
    int[] expected = encodeEach(tokenizer, first);

    PreparedData data =
        prepare(
            PublishedData.C4, limited(options(source, model.toString()), expected.length + 3, 200));

    assertArrayEquals(expected, tokens(Split.TRAIN));
    int bytes = lines.subList(0, 30).stream().mapToInt(String::length).sum();
    assertEquals(bytes, data.headers().get(Split.TRAIN).text().bytes());
  }

  @Test
  void testIsTheBeginningOfTheValidationTextsAndValidWhatFollows() throws IOException {
    Path source = shards(40, 60);

    prepare(PublishedData.C4, limited(options(source, "characters"), 500, 400));

    String validation =
        String.join(
            "",
            MadeTexts.lines(100, 5).subList(40, 100).stream().map(t -> t + "<STORY_SEP>").toList());
    String test = text(Split.TEST);
    String valid = text(Split.VALID);
    assertTrue(test.length() <= 400 && test.length() > 300, "test: " + test.length());
    assertTrue(test.length() + valid.length() <= 800, "both: " + (test.length() + valid.length()));
    assertTrue(valid.length() > 300, "valid: " + valid.length());
    assertTrue(validation.startsWith(test + valid), test + "|" + valid);
  }

  @Test
  void publishedTestSizesAreHalfAPercentOfTheValidation() {
    assertEquals(1_032_192, ShardedDocuments.C4.publishedTestTokens());
    assertEquals(4_209_920, ShardedDocuments.PES2O.publishedTestTokens());
  }

  @Test
  void aPlainTextIsSplitAtLineBreaks() throws IOException {
    List<String> lines = MadeTexts.lines(400, 7);
    Path file = MadeTexts.write(folder.resolve("book.txt"), lines);

    prepare(new OwnTexts(options(file, "characters"), List.of(), List.of()).plan("book"));

    String all = Files.readString(file);
    assertEquals(all, text(Split.TRAIN) + text(Split.VALID) + text(Split.TEST));
    assertTrue(text(Split.TRAIN).endsWith("\n"), "a whole line");
    assertTrue(Math.abs(text(Split.TRAIN).length() - 0.9 * all.length()) < 60, "nine tenths");
  }

  @Test
  void documentsAreHeldOutByTheirText() throws IOException {
    List<String> lines = new ArrayList<>(MadeTexts.lines(400, 7));
    lines.addAll(MadeTexts.lines(400, 7));
    Path file = MadeTexts.shard(folder.resolve("docs.jsonl.gz"), lines);

    prepare(new OwnTexts(options(file, "characters"), List.of(), List.of()).plan("docs"));

    Set<String> train = new HashSet<>(List.of(text(Split.TRAIN).split("<STORY_SEP>")));
    Set<String> valid = new HashSet<>(List.of(text(Split.VALID).split("<STORY_SEP>")));
    Set<String> test = new HashSet<>(List.of(text(Split.TEST).split("<STORY_SEP>")));
    assertEquals(new HashSet<>(lines).size(), train.size() + valid.size() + test.size());
    assertTrue(valid.size() > 5 && test.size() > 5, "valid and test have some");
  }

  @Test
  void givenSplitsAreTakenWhole() throws IOException {
    Path train = MadeTexts.write(folder.resolve("a.txt"), MadeTexts.lines(20, 1));
    Path valid = MadeTexts.write(folder.resolve("b.txt"), List.of("the dogs"));

    prepare(new OwnTexts(options(train, "bytes"), List.of(valid), List.of()).plan("own"));

    assertEquals("the dogs\n", text(Split.VALID));
    assertEquals(Set.of(Split.TRAIN, Split.VALID), PreparedData.open(out).headers().keySet());
  }

  @Test
  void theLimitCutsAPlainTextAnywhere() throws IOException {
    Path train = Files.writeString(folder.resolve("a.txt"), "\u20ac".repeat(100) + "x");
    PlanOptions options = limited(options(train, "characters"), 33, 1);

    prepare(new OwnTexts(options, List.of(train), List.of()).plan("own"));

    assertEquals("\u20ac".repeat(33), text(Split.TRAIN));
    assertEquals(
        new TextCounts(33, 99, 33, 1), PreparedData.open(out).headers().get(Split.TRAIN).text());
  }

  @Test
  void whatIsFinishedIsNotMadeAgain() throws IOException {
    DatasetPlan plan =
        PublishedData.WIKITEXT_103.plan(
            options(wikiText(), "characters"), PreparationTest::noDownloads, Progress.NONE);
    assertThrows(Killed.class, () -> new Preparation(plan, out, new Killing()).run());
    assertFalse(DatasetManifest.isIn(out), "an unfinished data set");
    Path train = DatasetManifest.tokens(out, Split.TRAIN);
    FileTime old = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(train, old);

    PreparedData data = prepare(plan);

    assertEquals(old, Files.getLastModifiedTime(train));
    assertEquals(String.join("\n", MadeTexts.lines(20, 3)) + "\n", text(Split.TEST));
    assertEquals(3, data.manifest().sources().size());
    assertFalse(Files.exists(out.resolve("preparing.json")), "the note of what was unfinished");
  }

  /** Ends a preparation while it tokenizes the test split. */
  private static final class Killing implements Progress {
    @Override
    public void update(String activity, long doneBytes, long totalBytes) {
      if (activity.equals("tokenizing the test split")) {
        throw new Killed();
      }
    }

    @Override
    public void note(String message) {}
  }

  private static final class Killed extends RuntimeException {}

  @Test
  void aFolderWithSomethingElseIsLeftAlone() throws IOException {
    PlanOptions options = options(wikiText(), "bytes");
    Files.createDirectories(out);
    Path other = Files.writeString(out.resolve("thesis.txt"), "all my work");

    String refusal =
        assertThrows(DataException.class, () -> prepare(PublishedData.WIKITEXT_103, options))
            .getMessage();

    assertTrue(refusal.contains("thesis.txt"), refusal);
    assertEquals("all my work", Files.readString(other));
  }

  @Test
  void aDataSetOfOtherSettingsIsLeftAlone() throws IOException {
    Path source = wikiText();
    prepare(PublishedData.WIKITEXT_103, options(source, "bytes"));

    String refusal =
        assertThrows(
                DataException.class,
                () -> prepare(PublishedData.WIKITEXT_103, options(source, "characters")))
            .getMessage();

    assertTrue(refusal.contains("another --out"), refusal);
    assertEquals("bytes seen", PreparedData.open(out).tokenizer().tokenizer().name());
  }

  @Test
  void aTextThatTheTokenizerDoesNotKnowIsNamed() throws IOException {
    Path source = wikiText();
    prepare(PublishedData.WIKITEXT_103, options(source, "characters"));
    Path tokenizer = out.resolve("tokenizer.json");
    Path odd = Files.writeString(folder.resolve("odd.txt"), "the \u20ac\n".repeat(10));
    out = folder.resolve("other");

    String refusal =
        assertThrows(
                DataException.class,
                () ->
                    prepare(
                        new OwnTexts(options(odd, tokenizer.toString()), List.of(odd), List.of())
                            .plan("odd")))
            .getMessage();

    assertTrue(refusal.contains("U+20AC") && refusal.contains("odd.txt"), refusal);
    assertFalse(Files.exists(DatasetManifest.tokens(out, Split.TRAIN)), "an unfinished file");
  }

  @Test
  void aTextTooShortForThreeSplitsIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("short.txt"), "one line of a text\n");

    String refusal =
        assertThrows(
                DataException.class,
                () ->
                    prepare(
                        new OwnTexts(options(file, "bytes"), List.of(), List.of()).plan("short")))
            .getMessage();

    assertTrue(refusal.contains("no text for the valid split"), refusal);
  }

  @Test
  void aTokenizerThatChangedMakesAnotherDataSet() throws IOException {
    Path source = wikiText();
    Path own = Files.copy(model, folder.resolve("own.model"));
    prepare(PublishedData.WIKITEXT_103, options(source, own.toString()));
    Files.setLastModifiedTime(own, FileTime.fromMillis(1_000_000_000_000L));

    assertThrows(
        DataException.class,
        () -> prepare(PublishedData.WIKITEXT_103, options(source, own.toString())));
  }

  @Test
  void aSizeIsForATokenizerThatIsTrained() throws IOException {
    PlanOptions options = options(wikiText(), "bytes");
    PlanOptions sized =
        new PlanOptions(
            options.from(),
            options.tokenizer(),
            OptionalInt.of(100),
            OptionalLong.empty(),
            OptionalLong.empty(),
            options.field(),
            options.separator());

    assertThrows(DataException.class, () -> prepare(PublishedData.WIKITEXT_103, sized));
  }

  @Test
  void aMissingSplitIsNamed() throws IOException {
    Path source = wikiText();
    Files.delete(source.resolve("wiki.valid.tokens"));

    String refusal =
        assertThrows(
                DataException.class,
                () -> prepare(PublishedData.WIKITEXT_103, options(source, "bytes")))
            .getMessage();

    assertTrue(refusal.contains("wiki.valid.tokens"), refusal);
  }
}
