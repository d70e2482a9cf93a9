package org.sigmoe.xl.data;

import java.lang.foreign.MemorySegment;

/**
 * Cuts a sequence of n tokens into B contiguous streams of S blocks of T tokens: S = floor((n - 1)
 * / (B*T)), stream b begins at token b*S*T, and its block p at b*S*T + p*T. The targets of a block
 * are its tokens shifted by one, so that its last target is the first token after it; the last
 * block of a stream ends at the first token of the next stream. The remainder is not read.
 *
 * <p>This is how the paper's code reads its data (arXiv 2310.10837; {@code
 * framework/loader/sampler.py}: floor(n/T) blocks, the p-th batch made of blocks p, S+p, 2S+p,
 * ...), but for an n that B*T divides: there its very last block has a target too few, here S is
 * one less.
 *
 * @param tokens n
 * @param streams B
 * @param context T
 * @param blocksPerStream S
 */
public record BlockLayout(long tokens, int streams, int context, long blocksPerStream) {

  /**
   * The layout of a source.
   *
   * @param streams B, at least 1
   * @param context T, at least 1
   * @throws DataException if the source has fewer than B*T + 1 tokens
   */
  public static BlockLayout of(TokenSource source, int streams, int context) {
    if (streams < 1 || context < 1) {
      throw new IllegalArgumentException(
          "a batch needs at least 1 stream and 1 token, not " + streams + " x " + context);
    }
    long batch = (long) streams * context;
    long blocks = Math.max(0, source.length() - 1) / batch;
    if (blocks == 0) {
      throw new DataException(
          ("%s is too small for one batch: it has %,d tokens, and %d streams of %d tokens need %,d;"
                  + " give more text, or a smaller batch or context")
              .formatted(source.description(), source.length(), streams, context, batch + 1));
    }
    return new BlockLayout(source.length(), streams, context, blocks);
  }

  /** B*T, the number of tokens that one step reads and predicts. */
  public long tokensPerStep() {
    return (long) streams * context;
  }

  /**
   * Reads block p of every stream.
   *
   * @param block p, 0 to S-1
   * @param inputs [B,T], 32-bit integers: token i of stream b at b*T + i
   * @param targets [B,T], laid out likewise: the token that follows it
   */
  void read(TokenSource source, long block, MemorySegment inputs, MemorySegment targets) {
    long streamTokens = blocksPerStream * context;
    for (int b = 0; b < streams; b++) {
      long position = b * streamTokens + block * context;
      long index = (long) b * context;
      source.read(position, context, inputs, index);
      source.read(position + 1, context, targets, index);
    }
  }
}
