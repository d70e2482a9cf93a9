package org.sigmoe.nn.engine.cpu.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OneDnnFilesTest {
  @TempDir Path cache;

  @Test
  void filesAreUnpackedOnce() throws IOException {
    List<Path> first = OneDnnFiles.unpackedIn(cache);
    FileTime written = Files.getLastModifiedTime(first.getLast());
    assertEquals(first, OneDnnFiles.unpackedIn(cache));
    assertEquals(written, Files.getLastModifiedTime(first.getLast()));
    try (Stream<Path> files = Files.list(first.getLast().getParent())) {
      assertEquals(first.size(), files.count(), "files besides the libraries were left");
    }
  }

  @Test
  void damagedFilesAreReplaced() throws IOException {
    Path library = OneDnnFiles.unpackedIn(cache).getLast();
    long size = Files.size(library);
    ByteBuffer original = ByteBuffer.allocate(1);
    try (FileChannel file =
        FileChannel.open(library, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      file.read(original, size / 2);
      file.write(ByteBuffer.wrap(new byte[] {(byte) ~original.get(0)}), size / 2);
    }
    OneDnnFiles.unpackedIn(cache);
    ByteBuffer repaired = ByteBuffer.allocate(1);
    try (FileChannel file = FileChannel.open(library)) {
      file.read(repaired, size / 2);
    }
    assertEquals(original.get(0), repaired.get(0));

    try (FileChannel file = FileChannel.open(library, StandardOpenOption.WRITE)) {
      file.truncate(size / 2);
    }
    OneDnnFiles.unpackedIn(cache);
    assertEquals(size, Files.size(library));
  }

  @Test
  void privateTemporaryFolderServesWhereTheCacheCannotBeWritten() throws IOException {
    Path notAFolder = Files.createFile(cache.resolve("file"));
    List<Path> files = OneDnnFiles.unpackedIn(notAFolder);
    assertTrue(Files.isRegularFile(files.getLast()));
    assertFalse(files.getLast().startsWith(cache));
    // Temporary folders are new each time, so nobody can have prepared one.
    List<Path> again = OneDnnFiles.unpackedIn(notAFolder);
    assertNotEquals(files.getLast(), again.getLast());
  }
}
