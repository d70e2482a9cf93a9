package org.sigmoe.xl.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A file as a document.
 *
 * @param file where it lies
 * @param path its path within the directory that was listed, or its name
 * @param bytes its size
 * @param lastModified when it was changed last
 */
public record FileDocument(Path file, String path, long bytes, FileTime lastModified)
    implements Document {

  /**
   * A single file.
   *
   * @throws DataException if it cannot be read
   */
  public static FileDocument of(Path file) {
    try {
      return new FileDocument(
          file, file.getFileName().toString(), Files.size(file), Files.getLastModifiedTime(file));
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + IoReason.of(e), e);
    }
  }

  @Override
  public String stamp() {
    return lastModified.toString();
  }

  @Override
  public InputStream open() throws IOException {
    return Files.newInputStream(file);
  }
}
