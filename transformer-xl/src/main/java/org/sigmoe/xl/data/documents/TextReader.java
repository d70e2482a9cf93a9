package org.sigmoe.xl.data.documents;

import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts one after the other.
 *
 * <p>Not safe for use by several threads. Whatever is wrong with the texts is a {@link
 * org.sigmoe.xl.data.DataException}, so that it is not taken for a fault of what they are written
 * to.
 */
public interface TextReader extends Closeable {

  /**
   * The next text, in UTF-8 if it is well-formed; null after the last. Never empty.
   *
   * @throws org.sigmoe.xl.data.DataException if it cannot be read
   */
  byte @Nullable [] next();

  /** Ends the reading, wherever it is. */
  @Override
  void close();
}
