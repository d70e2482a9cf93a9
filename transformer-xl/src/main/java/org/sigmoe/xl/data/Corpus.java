package org.sigmoe.xl.data;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;

/**
 * A text split into train, valid and test, mapped into memory.
 *
 * <pre>{@code
 * try (Corpus corpus = Corpus.open(new CorpusSource.JdkSources(), CorpusOptions.defaults())) {
 *   TokenSource train = corpus.split(Split.TRAIN);
 * }
 * }</pre>
 *
 * <p>May be used by several threads. After {@link #close} its splits cannot be read.
 */
public final class Corpus implements AutoCloseable {

  private final String description;
  private final Map<Split, ? extends TokenSource> splits;
  private final Arena arena;

  Corpus(String description, Map<Split, ? extends TokenSource> splits, Arena arena) {
    this.description = description;
    this.splits = splits;
    this.arena = arena;
  }

  /**
   * Opens a corpus. Files are mapped where they are; the texts of a directory or archive are first
   * joined in the cache, which takes a few seconds for each gigabyte and is done once.
   *
   * @throws DataException if the data is missing, empty, unreadable or damaged, if a split would be
   *     empty, or if there is no room for the joined text
   */
  public static Corpus open(CorpusSource source, CorpusOptions options) {
    return new CorpusOpener(options, DiskSpace.OF_SYSTEM).open(source);
  }

  /** Where the text is from, for logs: for example {@code /opt/jdk/lib/src.zip}. */
  public String description() {
    return description;
  }

  /**
   * The splits there are: train and valid, and test unless it was not given; test alone of {@link
   * CorpusSource.TestOnly}.
   */
  public Set<Split> splits() {
    return Set.copyOf(splits.keySet());
  }

  /**
   * The tokens of a split.
   *
   * @throws DataException if there is no such split
   */
  public TokenSource split(Split split) {
    TokenSource tokens = splits.get(split);
    if (tokens == null) {
      throw new DataException(
          "there is no " + split.label() + " text; give one with --" + split.label());
    }
    return tokens;
  }

  /**
   * 16 hexadecimal digits that differ where the content of any split differs (sampled, so that it
   * takes no time: a change that keeps all lengths may go unnoticed). A run keeps it and, when it
   * is resumed, finds out whether its data is still the same.
   */
  public String fingerprint() {
    MessageDigest digest = Hashes.sha256();
    for (Split split : Split.values()) {
      TokenSource tokens = splits.get(split);
      String line = split.label() + ' ' + (tokens == null ? "-" : Fingerprint.of(tokens)) + '\n';
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Hashes.shortHex(digest);
  }

  @Override
  public void close() {
    arena.close();
  }
}
