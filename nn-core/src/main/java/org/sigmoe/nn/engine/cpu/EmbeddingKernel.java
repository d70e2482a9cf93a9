package org.sigmoe.nn.engine.cpu;

/** {@link org.sigmoe.nn.graph.op.Embedding}: copies rows of a table. */
final class EmbeddingKernel implements Kernel {
  private final int vocabulary;
  private final int columns;
  private final long table;
  private final long tokens;
  private final long y;
  private final Split split;

  EmbeddingKernel(int positions, int vocabulary, int columns, long table, long tokens, long y) {
    this.vocabulary = vocabulary;
    this.columns = columns;
    this.table = table;
    this.tokens = tokens;
    this.y = y;
    this.split = Split.of(positions, columns);
  }

  @Override
  public int chunks() {
    return split.chunks();
  }

  @Override
  public void run(int chunk, int worker) {
    long bytes = 4L * columns;
    for (int position = split.begin(chunk); position < split.end(chunk); position++) {
      int token = Tokens.at(tokens, position, vocabulary);
      Blocks.copy(table + token * bytes, y + position * bytes, bytes);
    }
  }
}
