package org.sigmoe.xl.data.documents;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.Document;
import org.sigmoe.xl.data.FileDocument;
import org.sigmoe.xl.data.IoReason;

/**
 * A file of texts: on the disk, or in an archive.
 *
 * <pre>{@code
 * TextLayout layout = TextLayout.of(TextLayout.Plain.LINES);
 * try (TextReader texts = TextFile.of(Path.of("c4-train.00000.json.gz")).open(layout, read -> {})) {
 *   for (byte[] text = texts.next(); text != null; text = texts.next()) {
 *     ...
 *   }
 * }
 * }</pre>
 *
 * @param document the file
 * @param origin what the user knows it by: the file itself, or the folder or archive it is in
 */
public record TextFile(Document document, Path origin) {
  private static final int LONGEST_SEARCH = 1 << 20;

  /** What is in a file. */
  public enum Format {
    /** Text as it is. */
    PLAIN,
    /** A JSON object a line. */
    JSON_LINES,
    /** Rows of columns. */
    PARQUET;

    /** What a file of this name has in it. */
    public static Format of(String name) {
      String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
      if (plain.endsWith(".parquet")) {
        return PARQUET;
      }
      return plain.endsWith(".jsonl") || plain.endsWith(".json") || plain.endsWith(".ndjson")
          ? JSON_LINES
          : PLAIN;
    }
  }

  /**
   * A file on the disk.
   *
   * @throws DataException if there is none
   */
  public static TextFile of(Path file) {
    return new TextFile(FileDocument.of(file), file);
  }

  /**
   * What is in it, by its name: {@code .json}, {@code .jsonl}, {@code .ndjson}, {@code .parquet}.
   */
  public Format format() {
    return Format.of(document.path());
  }

  /** What it is called in messages. */
  public String name() {
    return document instanceof FileDocument onDisk
        ? onDisk.file().toString()
        : document.path() + " in " + origin;
  }

  /**
   * Reads all its texts.
   *
   * @param read hears how many bytes of the file were read, each time that some were
   * @throws DataException if it cannot be read
   */
  public TextReader open(TextLayout layout, LongConsumer read) {
    return open(layout, 0, Long.MAX_VALUE, read);
  }

  /**
   * Reads the texts of a part of a plain file.
   *
   * @param start of the part, in bytes of the (decompressed) content
   * @param end of the part, exclusive
   * @param read hears how many bytes of the file were read, each time that some were
   * @throws DataException if it cannot be read
   */
  public TextReader open(TextLayout layout, long start, long end, LongConsumer read) {
    try {
      if (format() == Format.PARQUET) {
        ParquetTexts rows = ParquetTexts.open(onDisk(), layout);
        return new Reader(rows, rows);
      }
      InputStream content = ContentStream.open(document.open(), read);
      try {
        return new Reader(texts(ContentStream.part(content, start, end), layout), content);
      } catch (IOException e) {
        content.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Texts texts(InputStream content, TextLayout layout) {
    if (format() == Format.JSON_LINES) {
      return new JsonTexts(content, layout);
    }
    return switch (layout.plain()) {
      case WHOLE -> PlainTexts.whole(content);
      case LINES -> PlainTexts.lines(content, layout.longest());
    };
  }

  private Path onDisk() throws IOException {
    if (document instanceof FileDocument file) {
      return file.file();
    }
    throw new IOException("a parquet file in an archive must be unpacked");
  }

  /**
   * How many bytes the content has, decompressed, which is read for it if need be.
   *
   * @throws DataException if it cannot be read
   */
  public long contentBytes() {
    try (InputStream content = ContentStream.open(document.open(), read -> {})) {
      return content instanceof BufferedInputStream
          ? document.bytes()
          : content.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Where a part of the content may begin: with the first line at or after a position, or, where no
   * line ends within a mebibyte, with the first character.
   *
   * @param position somewhere in the content, in bytes
   * @return the end of the content if nothing begins after the position
   * @throws DataException if it cannot be read
   */
  public long lineStart(long position) {
    if (position == 0) {
      return 0;
    }
    try (InputStream content = ContentStream.open(document.open(), read -> {})) {
      content.skipNBytes(position - 1);
      byte[] next = content.readNBytes(LONGEST_SEARCH);
      for (int i = 0; i < next.length; i++) {
        if (next[i] == '\n') {
          return position + i;
        }
      }
      if (next.length < LONGEST_SEARCH) {
        return position - 1 + next.length;
      }
      int character = 1;
      while (character < 4 && (next[character] & 0xC0) == 0x80) {
        character++;
      }
      return position - 1 + character;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private DataException unreadable(IOException e) {
    return new DataException("%s cannot be read: %s".formatted(name(), IoReason.of(e)), e);
  }

  private final class Reader implements TextReader {
    private final Texts texts;
    private final Closeable content;

    Reader(Texts texts, Closeable content) {
      this.texts = texts;
      this.content = content;
    }

    @Override
    public byte @Nullable [] next() {
      try {
        return texts.next();
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    @Override
    public void close() {
      try {
        content.close();
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
  }
}
