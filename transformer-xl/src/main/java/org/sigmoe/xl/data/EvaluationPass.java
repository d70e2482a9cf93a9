package org.sigmoe.xl.data;

import java.lang.foreign.MemorySegment;
import java.util.NoSuchElementException;

/**
 * One pass over held-out tokens: each block of {@link BlockLayout} once, or the first few of every
 * stream, which is a sample spread evenly over the whole text. Memory is carried from batch to
 * batch, and is empty before the first.
 *
 * <p>Only whole batches are read, so fewer than B*T tokens at the end are left out of a whole pass;
 * {@link #tokensLeftOut} says how many.
 */
public final class EvaluationPass {

  private final TokenSource source;
  private final BlockLayout layout;
  private final long blocks;
  private long block;

  private EvaluationPass(TokenSource source, BlockLayout layout, long blocks) {
    this.source = source;
    this.layout = layout;
    this.blocks = blocks;
  }

  /**
   * A pass over all blocks.
   *
   * @param streams B
   * @param context T
   * @throws DataException if the source has fewer than B*T + 1 tokens
   */
  public static EvaluationPass whole(TokenSource source, int streams, int context) {
    BlockLayout layout = BlockLayout.of(source, streams, context);
    return new EvaluationPass(source, layout, layout.blocksPerStream());
  }

  /**
   * A pass over the first blocks of every stream.
   *
   * @param streams B
   * @param context T
   * @param most how many blocks at most, at least 1
   * @throws DataException if the source has fewer than B*T + 1 tokens
   */
  public static EvaluationPass sample(TokenSource source, int streams, int context, long most) {
    if (most < 1) {
      throw new IllegalArgumentException("a sample needs at least 1 block, not " + most);
    }
    BlockLayout layout = BlockLayout.of(source, streams, context);
    return new EvaluationPass(source, layout, Math.min(most, layout.blocksPerStream()));
  }

  /** The number of batches. */
  public long batches() {
    return blocks;
  }

  /** How many tokens the pass predicts, each once: batches * B * T. */
  public long tokens() {
    return blocks * layout.tokensPerStep();
  }

  /** How many of the n-1 tokens that have a token before them the pass does not predict. */
  public long tokensLeftOut() {
    return layout.tokens() - 1 - tokens();
  }

  /** Whether there is another batch. */
  public boolean hasNext() {
    return block < blocks;
  }

  /**
   * Reads the next batch, as {@link BatchStream#next} does.
   *
   * @throws NoSuchElementException if the pass is over
   */
  public void next(MemorySegment inputs, MemorySegment targets) {
    if (!hasNext()) {
      throw new NoSuchElementException("all " + blocks + " batches have been read");
    }
    layout.read(source, block, inputs, targets);
    block++;
  }
}
