package org.sigmoe.nn.engine.cpu;

/**
 * A tensor of floats seen as one row and cut into chunks of a whole number of vectors.
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

  /** Floats of a chunk. */
  int count(int chunk) {
    return (int) Math.min(CHUNK, elements - (long) chunk * CHUNK);
  }
}
