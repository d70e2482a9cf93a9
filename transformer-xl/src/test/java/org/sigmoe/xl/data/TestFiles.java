package org.sigmoe.xl.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes files, directories and archives for tests. */
final class TestFiles {

  private TestFiles() {}

  static Path write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path zip(Path file, SequencedMap<String, String> entries) {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.ISO_8859_1));
        zip.closeEntry();
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything below a folder, relative to it and sorted. */
  static TreeSet<String> tree(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      TreeSet<String> tree = new TreeSet<>();
      files
          .filter(file -> !file.equals(folder))
          .forEach(file -> tree.add(folder.relativize(file).toString()));
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
