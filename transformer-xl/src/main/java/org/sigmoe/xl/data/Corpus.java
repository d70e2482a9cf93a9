package org.sigmoe.xl.data;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.tokenizer.ByteTokenizer;
import org.sigmoe.xl.tokenizer.Tokenizer;

/**
 * A text split into train, valid and test, as tokens that are mapped into memory.
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
  private final @Nullable StoredTokenizer stored;
  private final Arena arena;

  /** A corpus of bytes. */
  Corpus(String description, Map<Split, ? extends TokenSource> splits, Arena arena) {
    this(description, splits, null, arena);
  }

  private Corpus(
      String description,
      Map<Split, ? extends TokenSource> splits,
      @Nullable StoredTokenizer stored,
      Arena arena) {
    this.description = description;
    this.splits = splits;
    this.stored = stored;
    this.arena = arena;
  }

  /** A corpus of tokens that were made before. */
  static Corpus of(PreparedData data, Map<Split, TokenFile> splits, Arena arena) {
    String description = "%s (%s)".formatted(data.folder(), data.manifest().name());
    return new Corpus(description, splits, data.tokenizer(), arena);
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

  /**
   * What the tokens of a source are, without opening its texts.
   *
   * @throws DataException if it is a prepared data set that cannot be opened
   */
  public static Tokenizer tokenizer(CorpusSource source) {
    return source instanceof CorpusSource.Prepared(Path folder)
        ? PreparedData.open(folder).tokenizer().tokenizer()
        : new ByteTokenizer();
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
          stored == null
              ? "there is no " + split.label() + " text; give one with --" + split.label()
              : "%s has no %s split; prepare it with one".formatted(description, split.label()));
    }
    return tokens;
  }

  /** What the tokens are. */
  public Tokenizer tokenizer() {
    return stored == null ? new ByteTokenizer() : stored.tokenizer();
  }

  /** The tokenizer with its file; empty where tokens are bytes, which need none. */
  public Optional<StoredTokenizer> storedTokenizer() {
    return Optional.ofNullable(stored);
  }

  /**
   * 16 hexadecimal digits that differ where the content of any split, or the tokenizer, differs
   * (sampled, so that it takes no time: a change that keeps all lengths may go unnoticed). A run
   * keeps it and, when it is resumed, finds out whether its data is still the same.
   */
  public String fingerprint() {
    MessageDigest digest = Hashes.sha256();
    for (Split split : Split.values()) {
      TokenSource tokens = splits.get(split);
      String line = split.label() + ' ' + (tokens == null ? "-" : Fingerprint.of(tokens)) + '\n';
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    if (stored != null) {
      digest.update(stored.digest().sha256().getBytes(StandardCharsets.UTF_8));
    }
    return Hashes.shortHex(digest);
  }

  @Override
  public void close() {
    arena.close();
  }
}
