package org.sigmoe.xl.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Lists the texts of a .zip or .jar: its entries, whatever they are called, without directories and
 * empty ones. An entry's name is only compared and hashed; it never becomes the path of a file.
 */
public final class ZipDocuments {

  private ZipDocuments() {}

  /**
   * Opens an archive.
   *
   * @param wanted which entries to take, by name
   * @throws DataException if it cannot be read, is not a zip archive, or holds no wanted text
   */
  public static DocumentSet open(Path archive, Predicate<String> wanted) {
    try {
      Path real = archive.toRealPath();
      ZipFile zip = openWithAnyNames(real);
      try {
        List<ZipDocument> documents =
            zip.stream()
                .filter(e -> !e.isDirectory() && e.getSize() != 0 && wanted.test(e.getName()))
                .map(e -> new ZipDocument(zip, e))
                .toList();
        if (documents.isEmpty()) {
          throw new DataException(
              archive + " holds no text: none of its " + zip.size() + " entries can be used");
        }
        return new DocumentSet(real, documents, zip);
      } catch (RuntimeException e) {
        zip.close();
        throw e;
      }
    } catch (ZipException e) {
      throw new DataException(archive + " cannot be read as a zip archive: " + IoReason.of(e), e);
    } catch (IOException e) {
      throw new DataException(archive + " cannot be read: " + IoReason.of(e), e);
    }
  }

  /** Opens archives of older tools too, whose names are in some 8-bit encoding, not in UTF-8. */
  private static ZipFile openWithAnyNames(Path archive) throws IOException {
    try {
      return new ZipFile(archive.toFile(), StandardCharsets.UTF_8);
    } catch (ZipException e) {
      try {
        return new ZipFile(archive.toFile(), StandardCharsets.ISO_8859_1);
      } catch (ZipException again) {
        e.addSuppressed(again);
        throw e;
      }
    }
  }

  private record ZipDocument(ZipFile zip, ZipEntry entry) implements Document {

    @Override
    public String path() {
      return entry.getName();
    }

    @Override
    public long bytes() {
      return entry.getSize();
    }

    @Override
    public String stamp() {
      return Long.toHexString(entry.getCrc());
    }

    @Override
    public InputStream open() throws IOException {
      return new CheckedContent(zip.getInputStream(entry), entry.getCrc());
    }
  }

  /** Compares the content with the entry's CRC-32, which {@link ZipFile} does not. */
  private static final class CheckedContent extends FilterInputStream {

    private final CRC32 crc = new CRC32();
    private final long expected;

    CheckedContent(InputStream content, long expected) {
      super(content);
      this.expected = expected;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      if (count >= 0) {
        crc.update(target, offset, count);
      } else if (crc.getValue() != expected) {
        throw new ZipException(
            "its checksum is %08x where the archive says %08x".formatted(crc.getValue(), expected));
      }
      return count;
    }
  }
}
