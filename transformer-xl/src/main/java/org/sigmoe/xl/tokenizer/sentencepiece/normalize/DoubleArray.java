package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

/**
 * The units of Darts-clone's double-array trie, which finds the keys that a text begins with. A
 * unit is 32 bits: of a node the label (the byte that leads to it, bits 0 to 7), whether a key ends
 * here (bit 8), and the offset of its children (bits 10 to 30, times 256 where bit 9 is set); of
 * the end of a key its value, with bit 31 set. The child by byte b of a node at n is at {@code n ^
 * offset ^ b}; the value of a key that ends at n is where the child by byte 0 would be.
 */
final class DoubleArray {
  /** The number of units that the children of a node lie in. */
  static final int BLOCK = 256;

  /** Set in a node where a key ends. */
  static final int ENDS = 1 << 8;

  /** Set in a value. */
  static final int VALUE = 1 << 31;

  private static final int WIDE = 1 << 9;
  private static final int OFFSET_SHIFT = 10;
  private static final int OFFSET_LIMIT = 1 << 21;
  private static final int LABEL = VALUE | 0xFF;

  private DoubleArray() {}

  /** The label of a node, 0..255; greater or negative of a value. */
  static int label(int unit) {
    return unit & LABEL;
  }

  static boolean isValue(int unit) {
    return (unit & VALUE) != 0;
  }

  /** Whether a key ends at a node. */
  static boolean ends(int unit) {
    return (unit & ENDS) != 0;
  }

  static int offset(int unit) {
    return unit >>> OFFSET_SHIFT << ((unit & WIDE) >>> 6);
  }

  /**
   * A unit with an offset and nothing else.
   *
   * @throws IllegalArgumentException if the offset is beyond 21 bits, which only more keys than a
   *     few million need
   */
  static int withOffset(int offset) {
    if (offset >= OFFSET_LIMIT) {
      throw new IllegalArgumentException("too many rules for a table of the normaliser");
    }
    return offset << OFFSET_SHIFT;
  }

  static int value(int unit) {
    return unit & ~VALUE;
  }
}
