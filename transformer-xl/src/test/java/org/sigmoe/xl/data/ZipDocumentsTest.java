package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipDocumentsTest {

  @TempDir Path folder;

  @Test
  void entriesComeInTheOrderOfTheHashOfTheirNamesWithoutDirectoriesAndEmptyOnes()
      throws IOException {
    Path zip = zip("b/two", "2", "dir/", "", "empty", "", "a", "1", "b/one", "3");
    try (DocumentSet documents = ZipDocuments.open(zip, path -> true)) {
      assertEquals(List.of("b/one", "b/two", "a"), paths(documents));
      assertEquals(3, documents.bytes());
      try (InputStream content = documents.documents().get(0).open()) {
        assertEquals("3", new String(content.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void onlyWantedEntriesAreTaken() {
    try (DocumentSet documents =
        ZipDocuments.open(zip("A.java", "x", "B.class", "x"), path -> path.endsWith(".java"))) {
      assertEquals(List.of("A.java"), paths(documents));
    }
  }

  @Test
  void namesInAnotherEncodingThanUtf8CanBeRead() throws IOException {
    Path zip = folder.resolve("old.zip");
    try (ZipOutputStream out =
        new ZipOutputStream(Files.newOutputStream(zip), StandardCharsets.ISO_8859_1)) {
      out.putNextEntry(new ZipEntry("n\u0084me"));
      out.write('x');
      out.putNextEntry(new ZipEntry("other"));
      out.write('y');
    }
    try (DocumentSet documents = ZipDocuments.open(zip, path -> true)) {
      assertEquals(List.of("other", "n\u0084me"), paths(documents));
      assertEquals('x', documents.documents().getLast().open().read());
    }
  }

  @Test
  void twoEntriesOfOneNameAreRefused() throws IOException {
    Path zip = zip("one", "x", "two", "y");
    byte[] bytes = Files.readAllBytes(zip);
    replaceAll(bytes, "two", "one".getBytes(StandardCharsets.UTF_8));
    Files.write(zip, bytes);
    assertTrue(refusal(zip).contains("two texts named \"one\""), refusal(zip));
  }

  @Test
  void listingChangesWithTheContent() {
    try (DocumentSet one = ZipDocuments.open(zip("a", "text"), path -> true)) {
      String before = one.listing();
      try (DocumentSet other = ZipDocuments.open(zip("a", "tExt"), path -> true)) {
        assertTrue(!before.equals(other.listing()));
      }
      try (DocumentSet same = ZipDocuments.open(zip("a", "text"), path -> true)) {
        assertEquals(before, same.listing());
      }
    }
  }

  @Test
  void contentThatDoesNotMatchItsChecksumFailsWhenItEnds() throws IOException {
    Path zip = folder.resolve("stored.zip");
    String text = "some text without compression";
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.setLevel(0);
      out.putNextEntry(new ZipEntry("a"));
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    byte[] bytes = Files.readAllBytes(zip);
    replaceAll(bytes, "without", "WITHOUT".getBytes(StandardCharsets.UTF_8));
    Files.write(zip, bytes);
    try (DocumentSet documents = ZipDocuments.open(zip, path -> true);
        InputStream content = documents.documents().getFirst().open()) {
      ZipException e =
          assertThrows(ZipException.class, () -> content.transferTo(new ByteArrayOutputStream()));
      assertTrue(e.getMessage().contains("checksum"), e.getMessage());
    }
  }

  @Test
  void truncatedEncryptedOrEmptyArchivesAreRefused() throws IOException {
    Path zip = zip("a", "text", "b", "more");
    byte[] whole = Files.readAllBytes(zip);
    Files.write(zip, Arrays.copyOf(whole, whole.length / 2));
    assertTrue(refusal(zip).contains("cannot be read as a zip archive"), refusal(zip));

    byte[] encrypted = whole.clone();
    encrypted[CentralDirectory.firstEntry(encrypted) + CentralDirectory.FLAGS] |= 1;
    Files.write(zip, encrypted);
    assertTrue(refusal(zip).contains("encrypted"), refusal(zip));

    assertTrue(refusal(zip("dir/", "", "empty", "")).contains("holds no text"));
  }

  private static String refusal(Path zip) {
    return assertThrows(DataException.class, () -> ZipDocuments.open(zip, path -> true))
        .getMessage();
  }

  private Path zip(String... namesAndTexts) {
    SequencedMap<String, String> entries = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      entries.put(namesAndTexts[i], namesAndTexts[i + 1]);
    }
    return TestFiles.zip(folder.resolve("test.zip"), entries);
  }

  private static List<String> paths(DocumentSet documents) {
    return documents.documents().stream().map(Document::path).toList();
  }

  private static void replaceAll(byte[] bytes, String old, byte[] replacement) {
    byte[] wanted = old.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        System.arraycopy(replacement, 0, bytes, i, wanted.length);
      }
    }
  }
}
