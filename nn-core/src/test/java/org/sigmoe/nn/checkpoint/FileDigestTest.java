package org.sigmoe.nn.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDigestTest {

  @TempDir Path folder;

  /** The one-block example of FIPS 180-4. */
  @Test
  void digestIsTheKnownSha256() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "abc");
    assertEquals(
        new FileDigest(3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        FileDigest.of(file));
  }

  @Test
  void everyChangeOfOneByteIsNoticed() throws IOException {
    byte[] bytes = "some bytes".getBytes(UTF_8);
    Path file = Files.write(folder.resolve("f"), bytes);
    FileDigest digest = FileDigest.of(file);
    assertDoesNotThrow(() -> digest.verify(file));
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] ^= 1;
      Files.write(file, bytes);
      String message =
          assertThrows(CheckpointException.class, () -> digest.verify(file)).getMessage();
      assertTrue(message.startsWith(file + " was altered"), message);
      bytes[i] ^= 1;
    }
  }

  @Test
  void truncatedLongerAndMissingFilesAreToldApart() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "abc");
    FileDigest digest = FileDigest.of(file);
    Files.writeString(file, "ab");
    assertEquals(
        file + " is truncated: it was written with 3 bytes and now has 2",
        assertThrows(CheckpointException.class, () -> digest.verify(file)).getMessage());
    Files.writeString(file, "abcd");
    assertTrue(
        assertThrows(CheckpointException.class, () -> digest.verify(file))
            .getMessage()
            .contains("altered"));
    Files.delete(file);
    assertEquals(
        "cannot read " + file + ": there is no such file or folder",
        assertThrows(CheckpointException.class, () -> digest.verify(file)).getMessage());
  }
}
