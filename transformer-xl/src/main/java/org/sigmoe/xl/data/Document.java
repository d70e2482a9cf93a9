package org.sigmoe.xl.data;

import java.io.IOException;
import java.io.InputStream;

/** One text of a directory or archive. */
public interface Document {

  /**
   * The path within the directory or archive, with {@code /} between names. Its hash decides order
   * and split and is never used to name a file.
   */
  String path();

  /** The number of bytes, as the directory or archive declares it; never 0. */
  long bytes();

  /** What changes when the content does: a checksum, or the time of the last change. */
  String stamp();

  /**
   * Opens the content. The stream may throw in its last read if a checksum does not hold; that the
   * declared size holds is the reader's to check.
   */
  InputStream open() throws IOException;
}
