package org.sigmoe.xl.data;

/**
 * How much text a sequence of tokens stands for. By these counts a loss per token becomes bits per
 * byte, bits per character or a perplexity per word, which can be compared between tokenizers.
 *
 * <p>Counted is what the tokens can tell: line ends that were left out before tokenizing, and
 * separators that were put between documents, are not.
 *
 * @param tokens n
 * @param bytes of the text in UTF-8
 * @param characters Unicode code points; of enwik8 its bytes, as in all published results
 * @param words runs of anything but ASCII white space, as {@code wc -w} counts them
 */
public record TextCounts(long tokens, long bytes, long characters, long words) {

  /** Checks that no count is negative. */
  public TextCounts {
    if (tokens < 0 || bytes < 0 || characters < 0 || words < 0) {
      throw new IllegalArgumentException(
          "counts of text cannot be negative: %d tokens, %d bytes, %d characters, %d words"
              .formatted(tokens, bytes, characters, words));
    }
  }
}
