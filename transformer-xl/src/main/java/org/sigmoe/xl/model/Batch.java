package org.sigmoe.xl.model;

/**
 * The streams of a training step, and in how many parts they go through the model. The parts take
 * turns with the same working memory, and their gradients are added up before the one update.
 *
 * @param streams B, rows of all parts together, at least 1
 * @param parts micro-batches, at least 1; divides the streams. The first one has the first streams,
 *     and so on.
 */
public record Batch(int streams, int parts) {

  /** Checks the ranges; the messages name the keys by which users set them. */
  public Batch {
    if (streams < 1) {
      throw new IllegalArgumentException("batch: must be at least 1, got " + streams);
    }
    if (parts < 1) {
      throw new IllegalArgumentException("accumulate: must be at least 1, got " + parts);
    }
    if (streams % parts != 0) {
      throw new IllegalArgumentException(
          "accumulate: must divide the batch, since all micro-batches are alike: %d does not divide"
                  .formatted(parts)
              + " "
              + streams);
    }
  }

  /** All streams at once. */
  public static Batch whole(int streams) {
    return new Batch(streams, 1);
  }

  /** B / parts, streams of one part. */
  public int streamsOfPart() {
    return streams / parts;
  }
}
