package org.sigmoe.xl.data.prepare;

import java.util.function.Predicate;

/**
 * A part of a shard.
 *
 * @param shard what holds the texts
 * @param files which of its files, by their paths in the folder or archive
 * @param texts which of the texts in them
 * @param start of the part, in bytes of the content of each plain file
 * @param end of the part, exclusive
 */
public record Portion(
    Shard shard, Predicate<String> files, Predicate<byte[]> texts, long start, long end) {

  /** All of a shard. */
  public static Portion of(Shard shard) {
    return new Portion(shard, path -> true, text -> true, 0, Long.MAX_VALUE);
  }

  /** Some files of it. */
  public Portion ofFiles(Predicate<String> wanted) {
    return new Portion(shard, wanted, texts, start, end);
  }

  /** Some texts of it. */
  public Portion ofTexts(Predicate<byte[]> wanted) {
    return new Portion(shard, files, wanted, start, end);
  }

  /** The bytes from {@code from} to {@code to} of its one file. */
  public Portion between(long from, long to) {
    return new Portion(shard, files, texts, from, to);
  }
}
