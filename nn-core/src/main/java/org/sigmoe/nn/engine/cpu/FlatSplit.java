package org.sigmoe.nn.engine.cpu;

/**
 * A tensor of floats seen as one row and cut into chunks of a whole number of vectors. Memory of a
 * tensor is a whole number of vectors too ({@link Tensors#allocate}), so that an operation by
 * element may go beyond the last one.
 *
 * @param elements number of floats
 */
record FlatSplit(long elements) {
  private static final int CHUNK = 16_384;

  /** Number of chunks. */
  int chunks() {
    return Math.toIntExact((elements + CHUNK - 1) / CHUNK);
  }

  /** Offset in bytes of a chunk's first element. */
  long beginByte(int chunk) {
    return 4L * chunk * CHUNK;
  }

  /** Floats of a chunk, up to the end of its last vector. */
  int wholeVectors(int chunk) {
    return Math.ceilDiv(count(chunk), Lanes.COUNT) * Lanes.COUNT;
  }

  /** Floats of a chunk. */
  int count(int chunk) {
    return (int) Math.min(CHUNK, elements - (long) chunk * CHUNK);
  }
}
