package org.sigmoe.xl.data.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.checkpoint.FileDigest;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.FolderLock;
import org.sigmoe.xl.data.Progress;

class DownloadsTest {
  private static final byte[] CONTENT = new byte[1_000_000];

  static {
    new Random(1).nextBytes(CONTENT);
  }

  @TempDir private Path folder;

  private FileServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FileServer(CONTENT);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Downloads.Patience patience(int attempts) {
    return new Downloads.Patience(
        Duration.ofSeconds(5), Duration.ofSeconds(5), attempts, Duration.ofMillis(1));
  }

  private Path fetch(RemoteFile file) {
    return fetch(file, patience(3));
  }

  private Path fetch(RemoteFile file, Downloads.Patience patience) {
    try (Downloads downloads = new Downloads(folder, patience, Progress.NONE)) {
      return downloads.fetch(file);
    }
  }

  private String refusal(RemoteFile file, int attempts) {
    DataException e = assertThrows(DataException.class, () -> fetch(file, patience(attempts)));
    return e.getMessage();
  }

  private void assertWhole(Path file) throws IOException {
    assertArrayEquals(server.content, Files.readAllBytes(file));
    assertFalse(Files.exists(folder.resolve("local.part")), "a part is left");
    assertFalse(Files.exists(folder.resolve("local.part.json")), "what it was part of is left");
  }

  @Test
  void aFileArrivesOnceAndIsNotFetchedAgain() throws IOException {
    assertWhole(fetch(server.file("file")));
    assertWhole(fetch(server.file("file")));

    assertEquals(List.of(""), server.ranges);
  }

  @Test
  void aFileWithoutKnownLengthArrives() throws IOException {
    server.length = FileServer.Length.NOT_TOLD;

    assertWhole(fetch(server.file("file")));
  }

  @Test
  void redirectsAreFollowed() throws IOException {
    assertWhole(fetch(server.file("moved")));
    assertTrue(refusal(server.file("loop"), 1).contains("302"), "the loop ends");
  }

  @Test
  void anInterruptedTransferGoesOnWhereItWas() throws IOException {
    server.cutAfter = 300_000;

    assertWhole(fetch(server.file("file")));

    assertEquals("", server.ranges.getFirst());
    assertTrue(server.ranges.size() > 1, "requests: " + server.ranges);
    assertTrue(
        server.ranges.stream().skip(1).allMatch(range -> range.matches("bytes=[1-9]\\d*-")),
        "ranges: " + server.ranges);
  }

  @Test
  void theNextCommandGoesOnToo() throws IOException {
    server.cutAfter = 300_000;
    String refusal = refusal(server.file("file"), 1);
    assertTrue(refusal.contains("goes on after"), refusal);
    long have = Files.size(folder.resolve("local.part"));
    assertTrue(have > 0 && have < CONTENT.length, "has " + have);
    server.cutAfter = Integer.MAX_VALUE;

    assertWhole(fetch(server.file("file")));

    assertEquals(List.of("", "bytes=" + have + "-"), server.ranges);
  }

  @Test
  void aFileThatChangedMeanwhileBeginsAgain() throws IOException {
    server.cutAfter = 300_000;
    refusal(server.file("file"), 1);
    server.cutAfter = Integer.MAX_VALUE;
    server.etag = "\"two\"";
    server.content = new byte[500_000];

    assertWhole(fetch(server.file("file")));
  }

  @Test
  void withoutATagOfItsVersionAPartIsNotGoneOnWith() throws IOException {
    for (String etag : List.of("", "W/\"weak\"")) {
      server.etag = etag;
      server.cutAfter = 300_000;
      server.cuts = 1;
      server.ranges.clear();
      Files.deleteIfExists(folder.resolve("local"));

      assertWhole(fetch(server.file("file")));

      assertEquals(List.of("", ""), server.ranges);
    }
  }

  @Test
  void aPartThatIsWholeIsTaken() throws IOException {
    server.cutAfter = 300_000;
    refusal(server.file("file"), 1);
    server.cutAfter = Integer.MAX_VALUE;
    Files.write(folder.resolve("local.part"), CONTENT); // killed between the last byte and its name

    assertWhole(fetch(server.file("file")));

    assertEquals("bytes=1000000-", server.ranges.getLast());
  }

  @Test
  void aPartThatIsTooLongBeginsAgain() throws IOException {
    server.cutAfter = 300_000;
    refusal(server.file("file"), 1);
    server.cutAfter = Integer.MAX_VALUE;
    Files.write(folder.resolve("local.part"), new byte[1_000_001]);

    assertWhole(fetch(server.file("file")));
  }

  @Test
  void aBusyServerIsAskedAgain() throws IOException {
    server.busy = 2;

    assertWhole(fetch(server.file("file")));
    assertEquals(3, server.ranges.size());
  }

  @Test
  void whatIsNotThereIsNotAskedForAgain() {
    String refusal = refusal(server.file("gone"), 5);

    assertTrue(refusal.contains("404"), refusal);
    assertTrue(refusal.contains("--from"), refusal);
  }

  @Test
  void aServerThatFallsSilentIsGivenUp() {
    server.silence = 2000;
    Downloads.Patience patience =
        new Downloads.Patience(
            Duration.ofSeconds(5), Duration.ofMillis(200), 1, Duration.ofMillis(1));

    DataException e = assertThrows(DataException.class, () -> fetch(server.file("file"), patience));
    assertTrue(e.getMessage().contains("nothing has arrived"), e.getMessage());
  }

  @Test
  void noServerIsSaidSo() {
    RemoteFile file = server.file("file");
    server.close();

    assertTrue(refusal(file, 2).contains(file.address().toString()), "names the address");
  }

  @Test
  void aChecksumDecides() throws IOException {
    Checksum right = Checksum.sha256(FileDigest.of(CONTENT).sha256());
    Checksum wrong = Checksum.sha1("0".repeat(40));

    String refusal = refusal(server.file("file").with(wrong), 1);
    assertTrue(refusal.contains("SHA-1"), refusal);
    assertFalse(Files.exists(folder.resolve("local")), "it was taken");
    assertFalse(Files.exists(folder.resolve("local.part")), "it would be gone on with");
    assertWhole(fetch(server.file("file").with(right)));
  }

  @Test
  void aSizeDecidesBeforeAByteIsWritten() {
    String refusal = refusal(server.file("file").withBytes(999_999), 1);

    assertTrue(refusal.contains("1,000,000") && refusal.contains("999,999"), refusal);
    assertFalse(Files.exists(folder.resolve("local")), "it was taken");
  }

  @Test
  void aSecondDownloadMustBeWhatTheFirstWas() throws IOException {
    Path file = fetch(server.file("file"));
    Files.delete(file);
    assertWhole(fetch(server.file("file")));

    Files.delete(file);
    server.content = new byte[1_000_000];
    String refusal = refusal(server.file("file"), 1);
    assertTrue(refusal.contains("not what it was when it was first downloaded"), refusal);
    assertFalse(Files.exists(file), "it was taken");
  }

  @Test
  void aFileThatWasChangedHereIsFetchedAgain() throws IOException {
    Path file = fetch(server.file("file"));
    byte[] changed = CONTENT.clone();
    changed[5]++;
    Files.write(file, changed);

    assertWhole(fetch(server.file("file")));
  }

  @Test
  void twoAtOnceAreKeptApart() throws IOException {
    try (FolderLock _ = FolderLock.take(folder.resolve("local.lock"), "testing")) {
      assertTrue(refusal(server.file("file"), 1).contains("another process"), "refused");
    }
    assertWhole(fetch(server.file("file")));
  }

  @Test
  void onlyPlainNamesAndWebAddressesAreTaken() {
    assertThrows(IllegalArgumentException.class, () -> RemoteFile.at("ftp://host/a"));
    assertThrows(IllegalArgumentException.class, () -> RemoteFile.at("file:///etc/passwd"));
    assertThrows(
        IllegalArgumentException.class, () -> RemoteFile.at("http://host/a").named("../a"));
  }
}
