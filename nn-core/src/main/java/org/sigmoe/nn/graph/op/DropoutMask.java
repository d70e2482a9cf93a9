package org.sigmoe.nn.graph.op;

/**
 * The counter-based generator behind every dropout mask: element {@code index} of site {@code site}
 * in step {@code step} is kept or dropped by a hash of those numbers and the seed, so that a mask
 * is never stored, and is the same on every engine and however the work is split.
 *
 * <p>The hash is a multiply-xorshift permutation of 32 bits (constants of C. Wellons' "lowbias32")
 * of the index, with one word of key added before it and one in its middle; the words of key are
 * hashes of seed, step and site. Its top 24 bits are compared with the rate. Only additions,
 * multiplications, exclusive-ors and masked shifts are used, which every engine has.
 *
 * <p>Kernels for GPUs are compiled from these very methods, by way of C, where an unsigned shift is
 * lost and a sum or product that overflows an int may be assumed not to: hence masks and longs.
 */
public final class DropoutMask {
  /** First multiplier. */
  public static final int MULTIPLIER_1 = 0x7feb352d;

  /** Second multiplier. */
  public static final int MULTIPLIER_2 = 0x846ca68b;

  private DropoutMask() {}

  /** First word of key. */
  public static int key1(int seed, int step, int site) {
    return hash(hash(hash(seed, 0x3c6ef372, 0) ^ step, 0x1b873593, 0) ^ site, 0x5851f42d, 0);
  }

  /** Second word of key. */
  public static int key2(int seed, int step, int site) {
    return hash(hash(hash(site, 0x2545f491, 0) ^ seed, 0x4c957f2d, 0) ^ step, 0x14057b7e, 0);
  }

  /** A hash of {@code index} under two words of key. */
  public static int hash(int index, int key1, int key2) {
    int x = sum(index, key1);
    x ^= x >> 16 & 0xffff;
    x = product(x, MULTIPLIER_1);
    x ^= x >> 15 & 0x1ffff;
    x = product(sum(x, key2), MULTIPLIER_2);
    return x ^ x >> 16 & 0xffff;
  }

  private static int sum(int a, int b) {
    return (int) ((long) a + b);
  }

  private static int product(int a, int b) {
    return (int) ((long) a * b);
  }

  /** The least value of a hash's top 24 bits with which an element is kept. */
  public static int threshold(float rate) {
    return Math.round(rate * (1 << 24));
  }

  /** Whether an element is kept. */
  public static boolean keeps(int index, int key1, int key2, int threshold) {
    return (hash(index, key1, key2) >> 8 & 0xffffff) >= threshold;
  }

  /** What kept elements are multiplied by. */
  public static float scale(float rate) {
    return 1f / (1f - rate);
  }
}
