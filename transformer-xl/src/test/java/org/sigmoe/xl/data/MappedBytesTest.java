package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedBytesTest {

  @TempDir Path folder;
  @AutoClose final Arena arena = Arena.ofShared();

  @Test
  void bytesAreReadAsUnsignedTokensAtAnyPositionIntoAnyPlace() throws IOException {
    Path file = Files.write(folder.resolve("bytes"), new byte[] {0, 1, 127, (byte) 128, -1, 65});
    MappedBytes bytes = MappedBytes.map(file, "bytes", arena);
    assertEquals(6, bytes.length());
    MemorySegment target = arena.allocate(ValueLayout.JAVA_INT, 7);
    bytes.read(2, 4, target, 1);
    assertArrayEquals(new int[] {0, 127, 128, 255, 65, 0, 0}, target.toArray(ValueLayout.JAVA_INT));
  }

  @Test
  void readsOutsideTheTokensOrTheTargetAreRefused() {
    MappedBytes bytes =
        MappedBytes.map(TestFiles.write(folder.resolve("text"), "0123456789"), "text", arena);
    MemorySegment target = arena.allocate(ValueLayout.JAVA_INT, 4);
    assertThrows(IndexOutOfBoundsException.class, () -> bytes.read(7, 4, target, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> bytes.read(-1, 4, target, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> bytes.read(0, 4, target, 1));
    MappedBytes slice = bytes.slice("slice", 2, 6);
    assertThrows(IndexOutOfBoundsException.class, () -> slice.read(1, 4, target, 0));
    assertEquals("2345", Reading.text(slice));
  }

  @Test
  void missingFileIsADataException() {
    Path missing = folder.resolve("missing");
    DataException e =
        assertThrows(DataException.class, () -> MappedBytes.map(missing, "missing", arena));
    assertTrue(e.getMessage().contains("missing cannot be read: it does not exist"));
  }

  @Test
  void fileOfMoreThanTwoGigabytesIsSplitAndReadWithoutCopying() throws IOException {
    long length = (3L << 30) + 7;
    assumeTrue(
        Files.getFileStore(folder).getUsableSpace() > 2 * length,
        "no room for a 3 GB file, should it not be sparse");
    Path file = folder.resolve("large");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(length);
      large.seek((5L << 29) + 1);
      large.write(new byte[] {'f', 'a', 'r'});
      large.seek(length - 3);
      large.write(new byte[] {'e', 'n', 'd'});
    }
    CorpusOptions options = CorpusOptions.defaults().withCache(folder.resolve("cache"));
    try (Corpus corpus = Corpus.open(new CorpusSource.Automatic(file), options)) {
      TokenSource train = corpus.split(Split.TRAIN);
      TokenSource test = corpus.split(Split.TEST);
      assertEquals(length * 90 / 100, train.length());
      assertArrayEquals(new int[] {0, 'f', 'a', 'r', 0}, Reading.tokens(train, 5L << 29, 5));
      assertArrayEquals(new int[] {0, 'e', 'n', 'd'}, Reading.tokens(test, test.length() - 4, 4));
      BatchStream batches = new BatchStream(train, 2, 5);
      batches.seek(new BatchStream.Position(0, batches.layout().blocksPerStream() - 1));
      batches.next(arena.allocate(40), arena.allocate(40));
      assertEquals(new BatchStream.Position(1, 0), batches.position());
      assertEquals(16, corpus.fingerprint().length());
    }
  }
}
