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
   * A data set that {@code sigmoe data} prepared, with the splits and the tokenizer that it has.
   *
   * @param folder of the data set
   */
  record Prepared(Path folder) implements CorpusSource {}

  /**
   * A text to try a trained model on: all of it is the test split, and there is no other.
   *
   * @param text a file, a directory or a .zip or .jar; or a prepared data set, of which the test
   *     split is read, or the valid split if it has no other
   */
  record TestOnly(Path text) implements CorpusSource {}

  /**
   * The source that the options {@code --data}, {@code --valid} and {@code --test} mean: none of
   * them the JDK's sources, only the first a prepared data set or an automatic split.
   *
   * @throws DataException if an option is given without the one before it, or beside a prepared
   *     data set, which has its own splits
   */
  static CorpusSource ofOptions(@Nullable Path data, @Nullable Path valid, @Nullable Path test) {
    if (data == null) {
      if (valid != null || test != null) {
        throw new DataException(
            "--valid and --test are held-out texts for --data, which is missing; give all three");
      }
      return new JdkSources();
    }
    if (DatasetManifest.isIn(data)) {
      if (valid != null || test != null) {
        throw new DataException(
            data + " is a prepared data set with splits of its own; leave --valid and --test away");
      }
      return new Prepared(data);
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
