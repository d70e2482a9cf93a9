package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextCacheTest {

  private static final long ENOUGH = 1L << 40;

  @TempDir Path folder;
  private Path source;
  private Path cacheFolder;

  @BeforeEach
  void writeSource() {
    source = folder.resolve("source");
    cacheFolder = folder.resolve("cache");
    // f29 falls to valid, f30 to test
    TestFiles.write(source.resolve("f1.txt"), "one ");
    TestFiles.write(source.resolve("f29.txt"), "held out");
    TestFiles.write(source.resolve("f3.txt"), "three\u00ff");
    TestFiles.write(source.resolve("f30.txt"), "tested");
  }

  @Test
  void documentsAreJoinedByPartInOrder() throws IOException {
    JoinedText files = prepare(new RecordedProgress());
    assertEquals("one three\u00ff", read(files.part("train")));
    assertEquals("held out", read(files.part("valid")));
    assertEquals("tested", read(files.part("test")));
  }

  @Test
  void progressRunsFromNothingToTheTotal() {
    RecordedProgress progress = new RecordedProgress();
    prepare(progress);
    assertEquals(24, progress.total);
    assertEquals(List.of(0L, 24L), progress.done);
  }

  @Test
  void unchangedSourceIsNotJoinedAgain() {
    JoinedText first = prepare(new RecordedProgress());
    RecordedProgress again = new RecordedProgress();
    assertEquals(first, prepare(again));
    assertFalse(again.worked());
    assertEquals(List.of(), again.notes);
  }

  @Test
  void changedSourceIsJoinedAgainAndItsEarlierStateRemoved() throws IOException {
    JoinedText before = prepare(new RecordedProgress());
    TestFiles.write(source.resolve("f1.txt"), "ONE, ");
    Path after = prepare(new RecordedProgress()).part("train");
    assertEquals("ONE, three\u00ff", read(after));
    assertFalse(Files.exists(before.folder()));
  }

  @Test
  void wholeAndSplitTextsOfOneSourceAreKeptBeside() throws IOException {
    Path train = prepare(new RecordedProgress()).part("train");
    try (DocumentSet documents = DirectoryDocuments.list(source)) {
      Path whole =
          cache(new RecordedProgress(), ENOUGH).prepare(documents, Partition.WHOLE).part("whole");
      assertEquals("held outone three\u00fftested", read(whole));
    }
    assertTrue(Files.exists(train));
  }

  @ParameterizedTest
  @ValueSource(strings = {"flip", "shorten", "lengthen", "delete", "manifest", "no manifest"})
  void damageIsNoticedAndMadeGood(String damage) throws IOException {
    JoinedText joined = prepare(new RecordedProgress());
    Path train = joined.part("train");
    Path manifest = joined.manifest();
    switch (damage) {
      case "flip" -> TestFiles.write(train, "one threE\u00ff");
      case "shorten" -> TestFiles.write(train, "one ");
      case "lengthen" -> TestFiles.write(train, "one three\u00ff!");
      case "delete" -> Files.delete(train);
      case "manifest" -> TestFiles.write(manifest, "{\"format\": 1, \"parts\": [{}]}");
      case "no manifest" -> Files.delete(manifest);
      default -> throw new IllegalArgumentException(damage);
    }
    RecordedProgress progress = new RecordedProgress();
    assertEquals("one three\u00ff", read(prepare(progress).part("train")));
    assertTrue(progress.worked());
    assertEquals(1, progress.notes.size());
    assertTrue(progress.notes.getFirst().contains("is damaged"), progress.notes.getFirst());
  }

  @Test
  void manifestSaysWhereTheTextCameFrom() throws IOException {
    JoinedText joined = prepare(new RecordedProgress());
    TextCacheManifest manifest = TextCacheManifest.read(joined.manifest());
    assertEquals(source.toRealPath().toString(), manifest.source());
    assertEquals(4, manifest.documents());
    // CRC-32C of "tested", made bit by bit outside Java
    assertEquals(new TextCacheManifest.Part("test", 6, "1efe31a5"), manifest.parts().getLast());
  }

  @Test
  void textThatDoesNotFitTheDiskIsRefusedBeforeAnythingIsWritten() {
    long free = DiskSpace.RESERVE_BYTES + 23;
    DataException e = assertThrows(DataException.class, () -> prepare(cache(Progress.NONE, free)));
    assertTrue(e.getMessage().contains("has 24 bytes"), e.getMessage());
    assertTrue(e.getMessage().contains("%,d free".formatted(free)), e.getMessage());
    assertNothingKept();
  }

  @Test
  void fileThatVanishesMeanwhileIsNamedAndNothingIsKept() throws IOException {
    try (DocumentSet documents = DirectoryDocuments.list(source)) {
      Files.delete(source.resolve("f30.txt"));
      DataException e =
          assertThrows(
              DataException.class,
              () -> cache(Progress.NONE, ENOUGH).prepare(documents, Partition.BY_PATH));
      assertTrue(e.getMessage().startsWith("\"f30.txt\" in "), e.getMessage());
      assertTrue(e.getMessage().contains("it does not exist"), e.getMessage());
    }
    assertNothingKept();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "teste", "tested!", "tested and tested"})
  void fileThatChangesItsSizeMeanwhileIsRefused(String text) {
    try (DocumentSet documents = DirectoryDocuments.list(source)) {
      TestFiles.write(source.resolve("f30.txt"), text);
      DataException e =
          assertThrows(
              DataException.class,
              () -> cache(Progress.NONE, ENOUGH).prepare(documents, Partition.BY_PATH));
      assertTrue(e.getMessage().contains("6 bytes declared"), e.getMessage());
    }
    assertNothingKept();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 99_999, 100_001})
  void archiveEntryOfAnotherSizeThanDeclaredIsRefused(int declared) throws IOException {
    Path zip =
        TestFiles.zip(
            folder.resolve("bomb.zip"), new LinkedHashMap<>(Map.of("a", "0".repeat(100_000))));
    byte[] bytes = Files.readAllBytes(zip);
    CentralDirectory.declareSize(bytes, declared);
    Files.write(zip, bytes);
    try (DocumentSet documents = ZipDocuments.open(zip, path -> true)) {
      DataException e =
          assertThrows(
              DataException.class,
              () -> cache(Progress.NONE, ENOUGH).prepare(documents, Partition.WHOLE));
      assertTrue(e.getMessage().contains("\"a\" in " + documents.origin()), e.getMessage());
    }
    assertNothingKept();
  }

  @Test
  void cacheFolderThatCannotBeMadeIsNamed() {
    cacheFolder = TestFiles.write(folder.resolve("file"), "not a folder").resolve("cache");
    DataException e = assertThrows(DataException.class, () -> prepare(new RecordedProgress()));
    assertTrue(e.getMessage().contains("XDG_CACHE_HOME"), e.getMessage());
    assertTrue(e.getMessage().contains(cacheFolder.toString()), e.getMessage());
  }

  @Test
  void unreadableFileIsNamedAndNothingIsKept() throws IOException {
    Path file = source.resolve("f30.txt");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(file), "this user may read everything");
    DataException e = assertThrows(DataException.class, () -> prepare(new RecordedProgress()));
    assertTrue(e.getMessage().contains("\"f30.txt\""), e.getMessage());
    assertTrue(e.getMessage().contains("permission denied"), e.getMessage());
    assertNothingKept();
  }

  @Test
  void foldersThatKilledProcessesLeftAreRemovedAfterADay() throws IOException {
    Path corpus = prepare(new RecordedProgress()).folder().getParent();
    Path old = Files.createDirectory(corpus.resolve(".unfinished-1"));
    TestFiles.write(old.resolve("train.bin"), "half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    Path recent = Files.createDirectory(corpus.resolve(".unfinished-2"));
    TestFiles.write(source.resolve("f1.txt"), "changed");
    prepare(new RecordedProgress());
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(recent));
  }

  private void assertNothingKept() {
    for (String path : TestFiles.tree(cacheFolder)) {
      assertTrue(path.matches("corpora(/[0-9a-f]{16})?"), () -> path + " was left behind");
    }
  }

  private JoinedText prepare(Progress progress) {
    return prepare(cache(progress, ENOUGH));
  }

  private JoinedText prepare(TextCache cache) {
    try (DocumentSet documents = DirectoryDocuments.list(source)) {
      return cache.prepare(documents, Partition.BY_PATH);
    }
  }

  private TextCache cache(Progress progress, long usableBytes) {
    return new TextCache(cacheFolder, progress, any -> usableBytes);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
