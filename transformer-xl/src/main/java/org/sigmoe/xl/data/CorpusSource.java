package org.sigmoe.xl.data;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the text of a corpus comes from. */
public sealed interface CorpusSource {

  /** The Java sources of a JDK found on this machine, split by path. */
  record JdkSources() implements CorpusSource {}

  /**
   * One text, split into train, valid and test 90/5/5.
   *
   * @param data a directory or a .zip or .jar, split by a hash of each path in it so that whole
   *     texts are held out (by position if it holds only one); any other file is split by position
   */
  record Automatic(Path data) implements CorpusSource {}

  /**
   * A text for each split; each may be a file, a directory or a .zip or .jar.
   *
   * @param test may be missing; then there is no test split
   */
  record Given(Path train, Path valid, @Nullable Path test) implements CorpusSource {}

  /**
   * A text to try a trained model on: all of it is the test split, and there is no other.
   *
   * @param text a file, a directory or a .zip or .jar
   */
  record TestOnly(Path text) implements CorpusSource {}

  /**
   * The source that the options {@code --data}, {@code --valid} and {@code --test} mean: none of
   * them the JDK's sources, only the first an automatic split.
   *
   * @throws DataException if an option is given without the one before it
   */
  static CorpusSource ofOptions(@Nullable Path data, @Nullable Path valid, @Nullable Path test) {
    if (data == null) {
      if (valid != null || test != null) {
        throw new DataException(
            "--valid and --test are held-out texts for --data, which is missing; give all three");
      }
      return new JdkSources();
    }
    if (valid == null) {
      if (test != null) {
        throw new DataException(
            "--test is given without --valid; give both, or neither to split --data 90/5/5");
      }
      return new Automatic(data);
    }
    return new Given(data, valid, test);
  }
}
