package org.sigmoe.xl.data;

import java.lang.foreign.MemorySegment;

/**
 * The batches of a training run: block after block of B contiguous streams ({@link BlockLayout}),
 * then from the beginning again, for ever.
 *
 * <p>Each row of a batch continues the same row of the batch before, so a model may carry its
 * memory over, except into the first batch of an epoch:
 *
 * <pre>{@code
 * if (batches.startsEpoch()) {
 *   model.resetMemory();
 * }
 * batches.next(inputs, targets);
 * }</pre>
 *
 * <p>What comes next depends on the {@link Position} alone. Not safe for use by several threads.
 */
public final class BatchStream {

  /**
   * A place in the stream: the batch that comes next. Goes into a checkpoint.
   *
   * @param epoch how many times all blocks have been read, from 0
   * @param block p, the block of that batch, from 0
   */
  public record Position(long epoch, long block) {

    /** Where training begins. */
    public static final Position START = new Position(0, 0);

    /** Checks that neither number is negative. */
    public Position {
      if (epoch < 0 || block < 0) {
        throw new IllegalArgumentException(
            "epoch " + epoch + ", block " + block + ": a position cannot be negative");
      }
    }
  }

  private final TokenSource source;
  private final BlockLayout layout;
  private long epoch;
  private long block;

  /**
   * A stream at its start.
   *
   * @param streams B
   * @param context T
   * @throws DataException if the source has fewer than B*T + 1 tokens
   */
  public BatchStream(TokenSource source, int streams, int context) {
    this.source = source;
    this.layout = BlockLayout.of(source, streams, context);
  }

  /** How the tokens are cut. */
  public BlockLayout layout() {
    return layout;
  }

  /** The batch that {@link #next} will read. */
  public Position position() {
    return new Position(epoch, block);
  }

  /** The position after so many steps from {@link Position#START}. */
  public Position positionAfter(long steps) {
    long blocks = layout.blocksPerStream();
    return new Position(steps / blocks, steps % blocks);
  }

  /**
   * Goes to a position, at no cost.
   *
   * @throws DataException if the data has no such block, so that the position must come from other
   *     data, another batch size or another context
   */
  public void seek(Position position) {
    if (position.block() >= layout.blocksPerStream()) {
      throw new DataException(
          ("%s has %,d blocks of %d x %d tokens, so there is no block %,d to go on from; use the"
                  + " data, batch size and context that the run began with")
              .formatted(
                  source.description(),
                  layout.blocksPerStream(),
                  layout.streams(),
                  layout.context(),
                  position.block()));
    }
    epoch = position.epoch();
    block = position.block();
  }

  /** Whether the next batch is the first of an epoch, before which memory must be reset. */
  public boolean startsEpoch() {
    return block == 0;
  }

  /**
   * Reads the next batch. Allocates nothing.
   *
   * @param inputs [B,T], 32-bit integers, native or not, aligned to 4 bytes: token i of stream b at
   *     b*T + i
   * @param targets [B,T], laid out likewise: the token that follows it
   * @throws IndexOutOfBoundsException if a segment is too small
   */
  public void next(MemorySegment inputs, MemorySegment targets) {
    layout.read(source, block, inputs, targets);
    block++;
    if (block == layout.blocksPerStream()) {
      block = 0;
      epoch++;
    }
  }
}
