package org.sigmoe.nn.engine.cpu;

/**
 * A range of items cut into chunks of equal size, the last one maybe shorter. The cut depends on
 * shapes only, never on the number of threads.
 *
 * @param items number of items
 * @param chunkItems items of a chunk
 */
record Split(int items, int chunkItems) {
  /** Elements that are worth handing to a thread: some microseconds of work. */
  private static final long GRAIN = 16_384;

  /** Chunks of about {@link #GRAIN} elements where an item touches {@code elementsPerItem}. */
  static Split of(int items, long elementsPerItem) {
    long chunk = Math.clamp(GRAIN / Math.max(1, elementsPerItem), 1, items);
    return new Split(items, (int) chunk);
  }

  /** Number of chunks. */
  int chunks() {
    return (items + chunkItems - 1) / chunkItems;
  }

  /** First item of a chunk. */
  int begin(int chunk) {
    return chunk * chunkItems;
  }

  /** One past the last item of a chunk. */
  int end(int chunk) {
    return Math.min(items, begin(chunk) + chunkItems);
  }
}
