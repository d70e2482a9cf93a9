package org.sigmoe.xl.data.documents;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.FileDigest;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.DatasetManifest.SourceEntry;
import org.sigmoe.xl.data.DirectoryDocuments;
import org.sigmoe.xl.data.Document;
import org.sigmoe.xl.data.DocumentSet;
import org.sigmoe.xl.data.Hashes;
import org.sigmoe.xl.data.IoReason;
import org.sigmoe.xl.data.ZipDocuments;

/**
 * The files of texts that a path leads to: a file itself, all files of a folder, or the entries of
 * a .zip. Those of a folder or archive come in the order of a hash of their paths, so that what
 * belongs together does not lie together.
 */
public final class TextFiles implements AutoCloseable {
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path origin;
  private final List<TextFile> files;
  private final AutoCloseable container;

  private TextFiles(Path origin, List<TextFile> files, AutoCloseable container) {
    this.origin = origin;
    this.files = files;
    this.container = container;
  }

  /**
   * Looks at a path.
   *
   * @throws DataException if there is nothing, or nothing that can be read
   */
  public static TextFiles open(Path path) {
    return open(path, name -> true);
  }

  /**
   * Looks at a path.
   *
   * @param wanted which files of a folder or archive are taken, by their paths in it; a single file
   *     is always
   * @throws DataException if there is nothing, or nothing that can be read
   */
  public static TextFiles open(Path path, Predicate<String> wanted) {
    if (Files.isDirectory(path)) {
      return of(path, DirectoryDocuments.list(path), wanted);
    }
    if (!Files.isRegularFile(path)) {
      throw new DataException("there is no file or folder " + path.toAbsolutePath());
    }
    return isZip(path)
        ? of(path, ZipDocuments.open(path, wanted), wanted)
        : new TextFiles(path, List.of(TextFile.of(path)), () -> {});
  }

  private static TextFiles of(Path origin, DocumentSet documents, Predicate<String> wanted) {
    List<TextFile> files =
        documents.documents().stream()
            .filter(found -> wanted.test(found.path()))
            .map(found -> new TextFile(found, origin))
            .toList();
    return new TextFiles(origin, files, documents);
  }

  private static boolean isZip(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(ZIP.length), ZIP);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + IoReason.of(e), e);
    }
  }

  /** The path. */
  public Path origin() {
    return origin;
  }

  /** The files. */
  public List<TextFile> files() {
    return files;
  }

  /**
   * 16 hexadecimal digits of names, sizes and times of change: what may tell, without reading them,
   * that the files are no longer what they were.
   */
  public String stamp() {
    MessageDigest digest = Hashes.sha256();
    for (TextFile file : files) {
      Document document = file.document();
      String line = document.path() + '\0' + document.bytes() + '\0' + document.stamp() + '\n';
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Hashes.shortHex(digest);
  }

  /**
   * What a data set tells of where its texts are from. Reads all of them.
   *
   * @throws DataException if they cannot be read
   */
  public SourceEntry describe() {
    try {
      if (Files.isRegularFile(origin)) {
        FileDigest digest = FileDigest.of(origin);
        return new SourceEntry(origin.toString(), 1, digest.size(), digest.sha256());
      }
      MessageDigest digest = Hashes.sha256();
      byte[] buffer = new byte[BUFFER_BYTES];
      long bytes = 0;
      for (TextFile file : files) {
        try (InputStream content = file.document().open()) {
          for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
            digest.update(buffer, 0, count);
            bytes += count;
          }
        }
      }
      String sha256 = HexFormat.of().formatHex(digest.digest());
      return new SourceEntry(origin.toString(), files.size(), bytes, sha256);
    } catch (CheckpointException e) {
      throw new DataException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new DataException(origin + " cannot be read: " + IoReason.of(e), e);
    }
  }

  @Override
  public void close() {
    try {
      container.close();
    } catch (Exception e) {
      throw new DataException(origin + " cannot be closed: " + e.getMessage(), e);
    }
  }
}
