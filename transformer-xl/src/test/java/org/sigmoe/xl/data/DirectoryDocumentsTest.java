package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryDocumentsTest {

  @TempDir Path folder;

  @Test
  void filesOfAllDepthsComeInTheOrderOfTheHashOfTheirPaths() {
    for (String path : List.of("b.txt", "a/z", "a/b/c", "a.txt", "B", "a/b.bin", "été")) {
      TestFiles.write(folder.resolve(path), "text of " + path);
    }
    assertEquals(List.of("a.txt", "a/z", "été", "a/b.bin", "a/b/c", "B", "b.txt"), paths(folder));
  }

  @Test
  void emptyFilesHiddenNamesAndLinksAreLeftOut() throws IOException {
    TestFiles.write(folder.resolve("kept"), "x");
    TestFiles.write(folder.resolve("empty"), "");
    TestFiles.write(folder.resolve(".hidden"), "x");
    TestFiles.write(folder.resolve(".git/config"), "x");
    Files.createSymbolicLink(folder.resolve("again"), folder.resolve("kept"));
    Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nothing"));
    assertEquals(List.of("kept"), paths(folder));
  }

  @Test
  void loopOfLinksIsNotFollowed() throws IOException {
    TestFiles.write(folder.resolve("a/b/text"), "x");
    Files.createSymbolicLink(folder.resolve("a/b/up"), folder.resolve("a"));
    Files.createSymbolicLink(folder.resolve("a/self"), folder.resolve("a/self"));
    assertEquals(List.of("a/b/text"), paths(folder));
  }

  @Test
  void directoryItselfMayBeALinkOrHidden() throws IOException {
    TestFiles.write(folder.resolve(".real/text"), "x");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve(".real"));
    assertEquals(List.of("text"), paths(link));
  }

  @Test
  void directoryWithoutTextSaysWhatWasLeftOut() throws IOException {
    TestFiles.write(folder.resolve("sub/empty"), "");
    TestFiles.write(folder.resolve(".hidden"), "x");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve(".hidden"));
    DataException e = assertThrows(DataException.class, () -> DirectoryDocuments.list(folder));
    assertEquals(
        folder
            + " holds no text (left out: 1 empty files, 1 hidden files or directories,"
            + " 1 symbolic links); give a file or directory that does",
        e.getMessage());
  }

  @Test
  void listingChangesWithNameSizeAndTime() throws IOException {
    Path file = TestFiles.write(folder.resolve("a"), "text");
    FileTime time = FileTime.fromMillis(1_700_000_000_000L);
    Files.setLastModifiedTime(file, time);
    String before = listing();
    assertEquals(before, listing());
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_001_000L));
    assertNotEquals(before, listing());
    TestFiles.write(file, "longer text");
    Files.setLastModifiedTime(file, time);
    assertNotEquals(before, listing());
    TestFiles.write(file, "text");
    Files.move(file, folder.resolve("b"));
    Files.setLastModifiedTime(folder.resolve("b"), time);
    assertNotEquals(before, listing());
  }

  @Test
  void subdirectoryThatCannotBeListedIsAnErrorNotAnOmission() throws IOException {
    TestFiles.write(folder.resolve("a"), "x");
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(closed), "this user may read everything");
    DataException e = assertThrows(DataException.class, () -> DirectoryDocuments.list(folder));
    assertTrue(e.getMessage().contains("closed cannot be read: permission denied"));
  }

  private String listing() {
    return DirectoryDocuments.list(folder).listing();
  }

  private static List<String> paths(Path directory) {
    return DirectoryDocuments.list(directory).documents().stream().map(Document::path).toList();
  }
}
