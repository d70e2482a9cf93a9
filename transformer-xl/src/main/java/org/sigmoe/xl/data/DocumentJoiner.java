package org.sigmoe.xl.data;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Joins documents into one file per part of a {@link Partition}, byte after byte with nothing in
 * between. Every document must have the size that was declared for it, so no archive can write more
 * than it said it would.
 */
final class DocumentJoiner implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PROGRESS_BYTES = 1 << 20;

  private final Map<String, PartFile> parts = new LinkedHashMap<>();
  private final Progress progress;

  /** Creates the files of the parts in a folder that is there. */
  DocumentJoiner(JoinedText target, Partition partition, Progress progress) throws IOException {
    this.progress = progress;
    try {
      for (String part : partition.parts()) {
        parts.put(part, new PartFile(part, target.part(part)));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * Writes all documents and forces them to disk.
   *
   * @return what was written, part by part
   * @throws DataException if a document cannot be read or is not what its source says it is
   * @throws IOException if the files cannot be written
   */
  List<TextCacheManifest.Part> join(DocumentSet documents, Partition partition) throws IOException {
    String activity = "joining the texts of " + documents.origin();
    long total = documents.bytes();
    long done = 0;
    long reported = 0;
    progress.update(activity, done, total);
    byte[] buffer = new byte[BUFFER_BYTES];
    for (Document document : documents.documents()) {
      PartFile part = Objects.requireNonNull(parts.get(partition.partOf(document.path())));
      append(documents, document, part, buffer);
      done += document.bytes();
      if (done - reported >= PROGRESS_BYTES || done == total) {
        reported = done;
        progress.update(activity, done, total);
      }
    }
    List<TextCacheManifest.Part> written = new ArrayList<>();
    for (PartFile part : parts.values()) {
      written.add(part.finish());
    }
    return written;
  }

  private static void append(DocumentSet documents, Document document, PartFile part, byte[] buffer)
      throws IOException {
    long count = 0;
    try (InputStream content = openContent(documents, document)) {
      int read;
      while ((read = readContent(documents, document, content, buffer)) >= 0) {
        count += read;
        if (count > document.bytes()) {
          throw unusable(documents, document, "it is longer than " + declared(document), null);
        }
        part.write(buffer, read);
      }
    }
    if (count < document.bytes()) {
      throw unusable(
          documents, document, "it ends after " + count + " of " + declared(document), null);
    }
  }

  // Reading errors are the source's fault and writing errors the disk's, though both are
  // IOExceptions: only the first become DataExceptions here.

  private static InputStream openContent(DocumentSet documents, Document document) {
    try {
      return document.open();
    } catch (IOException e) {
      throw unusable(documents, document, IoReason.of(e), e);
    }
  }

  private static int readContent(
      DocumentSet documents, Document document, InputStream content, byte[] buffer) {
    try {
      return content.read(buffer);
    } catch (IOException e) {
      throw unusable(documents, document, IoReason.of(e), e);
    }
  }

  private static String declared(Document document) {
    return "the " + document.bytes() + " bytes declared for it";
  }

  private static DataException unusable(
      DocumentSet documents, Document document, String reason, @Nullable IOException cause) {
    return new DataException(
        Quoted.of(document.path())
            + " in "
            + documents.origin()
            + " cannot be read: "
            + reason
            + "; repair or remove it (if it is being written to, try again)",
        cause);
  }

  @Override
  public void close() {
    parts.values().forEach(PartFile::close);
  }

  /** A file that is being written, its size and its checksum. */
  private static final class PartFile {

    private final String name;
    private final FileOutputStream file;
    private final OutputStream out;
    private final CRC32C crc = new CRC32C();
    private long bytes;

    PartFile(String name, Path path) throws IOException {
      this.name = name;
      this.file = new FileOutputStream(path.toFile());
      this.out = new BufferedOutputStream(file, 1 << 20);
    }

    void write(byte[] buffer, int count) throws IOException {
      out.write(buffer, 0, count);
      crc.update(buffer, 0, count);
      bytes += count;
    }

    TextCacheManifest.Part finish() throws IOException {
      out.flush();
      file.getFD().sync();
      return TextCacheManifest.Part.of(name, bytes, crc);
    }

    void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException("closing the joined text " + name, e);
      }
    }
  }
}
