package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextKindTest {

  @TempDir Path folder;

  @Test
  void kindIsKnownByNameOrContent() throws IOException {
    Path zip = TestFiles.zip(folder.resolve("a.zip"), new LinkedHashMap<>(Map.of("x", "text")));
    Path renamed = Files.copy(zip, folder.resolve("renamed"));
    assertEquals(TextKind.DIRECTORY, TextKind.of(folder, "--data"));
    assertEquals(TextKind.ARCHIVE, TextKind.of(zip, "--data"));
    assertEquals(TextKind.ARCHIVE, TextKind.of(renamed, "--data"));
    assertEquals(TextKind.ARCHIVE, TextKind.of(write("B.JAR", "?"), "--data"));
    assertEquals(TextKind.FILE, TextKind.of(write("zipped.txt", "PKZIP was a program"), "--data"));
    assertEquals(TextKind.FILE, TextKind.of(write("one", "x"), "--data"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("one"));
    assertEquals(TextKind.FILE, TextKind.of(link, "--data"));
  }

  @Test
  void nothingToReadIsRefusedWithTheReason() throws IOException {
    assertRefused(folder.resolve("missing"), "there is no file or directory");
    assertRefused(write("empty", ""), "is empty");
    Path dangling = Files.createSymbolicLink(folder.resolve("gone"), folder.resolve("nowhere"));
    assertRefused(dangling, "symbolic link that leads to no file");
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device));
    assertRefused(device, "neither a file nor a directory");
  }

  @Test
  void compressedFilesAreRefusedRatherThanLearned() {
    assertRefused(write("a", "\u001f\u008b\b....."), "is compressed");
    assertRefused(write("b", "\u00fd7zXZ\0...."), "is compressed");
    assertRefused(write("c", "(\u00b5/\u00fd....."), "is compressed");
    assertRefused(write("d", "BZh91AY&SY"), "is compressed");
  }

  @Test
  void unreadableFileIsRefused() throws IOException {
    Path file = write("secret", "x");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(file), "this user may read everything");
    assertRefused(file, "permission denied");
  }

  private Path write(String name, String text) {
    return TestFiles.write(folder.resolve(name), text);
  }

  private static void assertRefused(Path path, String reason) {
    DataException e = assertThrows(DataException.class, () -> TextKind.of(path, "--valid"));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
    assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
  }
}
