package org.sigmoe.xl.data.documents;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gives the texts of a stream; {@link TextFile#open} makes a {@link TextReader} of it. */
@FunctionalInterface
interface Texts {

  /** The next text, which is not empty; null after the last. */
  byte @Nullable [] next() throws IOException;
}
