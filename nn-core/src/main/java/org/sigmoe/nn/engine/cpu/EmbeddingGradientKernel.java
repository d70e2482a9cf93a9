package org.sigmoe.nn.engine.cpu;

import jdk.incubator.vector.VectorMask;

/**
 * {@link org.sigmoe.nn.graph.op.Embedding.Gradient}: each chunk owns some columns of the table and
 * adds all positions to them in order.
 */
final class EmbeddingGradientKernel implements Kernel {
  /** Columns of a chunk: a few vectors, and whole cache lines. */
  private static final int CHUNK_COLUMNS = 64;

  private final int positions;
  private final int vocabulary;
  private final int columns;
  private final long dy;
  private final long tokens;
  private final long dtable;
  private final Split split;

  EmbeddingGradientKernel(
      int positions, int vocabulary, int columns, long dy, long tokens, long dtable) {
    this.positions = positions;
    this.vocabulary = vocabulary;
    this.columns = columns;
    this.dy = dy;
    this.tokens = tokens;
    this.dtable = dtable;
    this.split = new Split(columns, CHUNK_COLUMNS);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    int begin = split.begin(chunk);
    int end = split.end(chunk);
    for (int token = 0; token < vocabulary; token++) {
      Blocks.clear(dtable + 4L * token * columns + 4L * begin, end - begin);
    }
    for (int position = 0; position < positions; position++) {
      int token = Tokens.at(tokens, position, vocabulary);
      add(dy + 4L * position * columns, dtable + 4L * token * columns, begin, end);
    }
  }

  private static void add(long source, long target, int begin, int end) {
    int c = begin;
    for (; c + Lanes.COUNT <= end; c += Lanes.COUNT) {
      Lanes.store(Lanes.load(target + 4L * c).add(Lanes.load(source + 4L * c)), target + 4L * c);
    }
    if (c < end) {
      VectorMask<Float> rest = Lanes.below(c, end);
      Lanes.store(
          Lanes.load(target + 4L * c, rest).add(Lanes.load(source + 4L * c, rest)),
          target + 4L * c,
          rest);
    }
  }
}
