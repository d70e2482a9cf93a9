package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * Relative attention on tensor cores in one pass, without scores in global memory. Scores are those
 * of {@link AttentionSoftmaxKernels}.
 *
 * <p>Operands of scores are rounded to f16, because bf16 is too coarse for what exponentials are
 * taken of; weights to bf16, values to f16 in two parts that are bf16. Sums are f32, in an order
 * fixed by the sizes. Magnitudes of q + u, q + v, keys and positions must be below 65520. CUDA
 * only.
 */
public final class AttentionMmaKernels {
  /**
   * Weights are computed relative to a guess at the largest score, and anew relative to that itself
   * where the guess was off by more than this: up to here neither a weight nor a sum of weights
   * leaves the range of f32, and of the largest weights every bit is there.
   */
  private static final float MOST_OFF = 60f;

  /** Below every score. */
  private static final float LEAST = -Float.MAX_VALUE;

  /** Threads of a warp that have scores of the same query. */
  private static final int SHARING = 8;

  /** In local memory, where largest scores, sums of rounded weights and references begin. */
  private static final int MOST = ScoreTile.QUERIES * SHARING;

  private static final int ROUNDED = 2 * MOST;

  private static final int REFERENCES = 3 * MOST;

  private AttentionMmaKernels() {}

  /** Whether heads of so many columns fit. */
  public static boolean fits(int size) {
    return size <= ScoreTile.MOST_COLUMNS;
  }

  /** Launch shape of {@link #forward}: a group for each block of queries of each head. */
  public static WorkerGrid threads(int batch, int heads, int queries) {
    return ScoreTile.threads(Math.multiplyExact(batch, heads), queries);
  }

  /**
   * Attention and the log-sum-exp of its scores. Launch shape: {@link #threads}.
   *
   * @param q [B, T, H*P]
   * @param u [H, P]
   * @param v [H, P]
   * @param kv keys and values of {@link AttentionOperandKernels#keys}
   * @param positions of {@link AttentionOperandKernels#positions}
   * @param y [B, T, H*P]
   * @param lse [B, H, T]
   * @param batch B
   * @param heads H
   * @param queries T
   * @param keys S
   * @param size P, at most {@value ScoreTile#MOST_COLUMNS}
   * @param reach how many keys before its own a query sees at most, in [M, S - 1]
   */
  public static void forward(
      KernelContext context,
      FloatArray q,
      FloatArray u,
      FloatArray v,
      LongArray kv,
      LongArray positions,
      FloatArray scale,
      IntArray length,
      FloatArray y,
      FloatArray lse,
      int batch,
      int heads,
      int queries,
      int keys,
      int size,
      int reach) {
    // Local arrays are indexed only in this method: in a helper they are addressed wrongly.
    int[] keyTile = context.allocateIntLocalArray(ScoreTile.KEYS * ScoreTile.ROW_PAIRS);
    int[] valueTile = context.allocateIntLocalArray(ScoreTile.KEYS * ScoreTile.ROW_PAIRS);
    int[] lowValueTile = context.allocateIntLocalArray(ScoreTile.KEYS * ScoreTile.ROW_PAIRS);
    int[] positionTile = context.allocateIntLocalArray(ScoreTile.POSITIONS * ScoreTile.ROW_PAIRS);
    int[] weightTile = context.allocateIntLocalArray(ScoreTile.QUERIES * ScoreTile.WEIGHT_PAIRS);
    float[] bandTile = context.allocateFloatLocalArray(ScoreTile.BAND_SCORES);
    // Whether scores were far from their references, and a 0.
    int[] flags = context.allocateIntLocalArray(4);
    // These live in registers.
    long[] nextKeys = new long[4];
    long[] nextValues = new long[4];
    long[] nextLowValues = new long[4];
    long[] nextPositions = new long[4];
    float[] byContent = new float[FragmentSums.LENGTH];
    float[] byPosition = new float[FragmentSums.LENGTH];
    int[] bits = new int[FragmentSums.LENGTH];
    float[] sums = new float[4];
    float[] roundedSums = new float[4];
    float[] most = new float[4];
    float[] references = new float[4];

    int steps = ScoreTile.steps(size);
    int quads = 4 * steps;
    int thread = context.localIdx;
    int blocks = (queries + ScoreTile.QUERIES - 1) / ScoreTile.QUERIES;
    int matrix = context.groupIdx / blocks;
    // The last queries see most keys: they begin first.
    int block = blocks - 1 - context.groupIdx % blocks;
    int firstQuery = block * ScoreTile.QUERIES;
    int lastQuery = Math.min(firstQuery + ScoreTile.QUERIES, queries) - 1;
    int memory = keys - queries;
    int filled = memory - length.get(0);
    int firstTile = Math.max(filled, firstQuery + memory - reach) / ScoreTile.KEYS;
    int endTile = (lastQuery + memory) / ScoreTile.KEYS + 1;
    int width = heads * size;
    int h = matrix / batch;
    int b = matrix % batch;
    int baseQ = b * queries * width + h * size;
    int baseKeys = (h * batch + b) * keys * quads;
    int baseValues = heads * batch * keys * quads + baseKeys;
    int baseLow = heads * batch * keys * quads + baseValues;
    int baseR = h * keys * quads;
    float factor = scale.get(0);
    Object hiddenContent = FragmentSums.hidden(thread, byContent, y);
    Object hiddenPositions = FragmentSums.hidden(thread, byPosition, y);
    Object hiddenBits = FragmentSums.hidden(thread, bits, y);

    // Queries with each of the biases, by columns, to registers.
    int queries0 = ScoreTile.right(thread, 2 * (thread >> 5));
    int queries1 = ScoreTile.right(thread, 2 * (thread >> 5) + 1);
    for (int load = 0; load < 16; load++) {
      int column = ScoreTile.queryColumn(thread, load);
      int i = firstQuery + ScoreTile.firstQuery(thread, load);
      int row = baseQ + Math.min(i, queries - 1) * width;
      int next = baseQ + Math.min(i + 1, queries - 1) * width;
      positionTile[ScoreTile.storedQueries(thread, load)] =
          F16Pairs.of(
              ScoreTile.biased(q, row, u, h, column, size),
              ScoreTile.biased(q, next, u, h, column, size));
    }
    context.localBarrier();
    HalfFloat[] u00 = context.mmaLoadB(positionTile, 16, queries0);
    HalfFloat[] u01 = context.mmaLoadB(positionTile, 16, queries1);
    HalfFloat[] u10 = context.mmaLoadB(positionTile, 16, queries0 + ScoreTile.NEXT_ROWS);
    HalfFloat[] u11 = context.mmaLoadB(positionTile, 16, queries1 + ScoreTile.NEXT_ROWS);
    HalfFloat[] u20 = context.mmaLoadB(positionTile, 16, queries0 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] u21 = context.mmaLoadB(positionTile, 16, queries1 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] u30 = context.mmaLoadB(positionTile, 16, queries0 + 3 * ScoreTile.NEXT_ROWS);
    HalfFloat[] u31 = context.mmaLoadB(positionTile, 16, queries1 + 3 * ScoreTile.NEXT_ROWS);
    context.localBarrier();
    for (int load = 0; load < 16; load++) {
      int column = ScoreTile.queryColumn(thread, load);
      int i = firstQuery + ScoreTile.firstQuery(thread, load);
      int row = baseQ + Math.min(i, queries - 1) * width;
      int next = baseQ + Math.min(i + 1, queries - 1) * width;
      positionTile[ScoreTile.storedQueries(thread, load)] =
          F16Pairs.of(
              ScoreTile.biased(q, row, v, h, column, size),
              ScoreTile.biased(q, next, v, h, column, size));
    }
    context.localBarrier();
    HalfFloat[] v00 = context.mmaLoadB(positionTile, 16, queries0);
    HalfFloat[] v01 = context.mmaLoadB(positionTile, 16, queries1);
    HalfFloat[] v10 = context.mmaLoadB(positionTile, 16, queries0 + ScoreTile.NEXT_ROWS);
    HalfFloat[] v11 = context.mmaLoadB(positionTile, 16, queries1 + ScoreTile.NEXT_ROWS);
    HalfFloat[] v20 = context.mmaLoadB(positionTile, 16, queries0 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] v21 = context.mmaLoadB(positionTile, 16, queries1 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] v30 = context.mmaLoadB(positionTile, 16, queries0 + 3 * ScoreTile.NEXT_ROWS);
    HalfFloat[] v31 = context.mmaLoadB(positionTile, 16, queries1 + 3 * ScoreTile.NEXT_ROWS);

    // What this thread loads of a tile: one of four parts of a row.
    int loadedRow = thread >> 2;
    int quad = thread & 3;
    int storedKey = ScoreTile.storedKey(thread);
    int storedValue = ScoreTile.storedValue(thread);
    // Whose scores it has.
    int ownQuery = firstQuery + ScoreTile.ownQuery(thread);
    int ownKey = ScoreTile.ownKey(thread);
    int storedPosition = ScoreTile.storedPosition(thread);
    int loadedPosition = ScoreTile.loadedPosition(thread);
    int storedWeights = ScoreTile.storedWeights(thread);
    // The first position of the group's tile of positions, and the first of the warp in it.
    int firstPosition = firstTile * ScoreTile.KEYS - firstQuery - ScoreTile.QUERIES + queries;
    int warpPosition = ScoreTile.QUERIES / ScoreTile.WARP_QUERIES - 1 - (thread >> 5);
    int weights0 = ScoreTile.weights(thread, 0);
    int weights1 = ScoreTile.weights(thread, 1);
    for (int n = 0; n < 4; n++) {
      references[n] = 0f;
    }
    int attempts = 1;
    while (attempts > 0) {
      context.localBarrier();
      // The first keys, and all positions that they need.
      for (int part = 0; part < ScoreTile.POSITIONS / ScoreTile.KEYS; part++) {
        int position = firstPosition + loadedRow + part * ScoreTile.KEYS;
        int row = baseR + Math.max(0, Math.min(position, keys - 1)) * quads;
        for (int n = 0; n < steps; n++) {
          nextPositions[n] = positions.get(row + quad + 4 * n);
        }
        int stored = storedKey + part * ScoreTile.KEYS * ScoreTile.ROW_PAIRS;
        for (int n = 0; n < steps; n++) {
          positionTile[stored ^ (8 * n)] = ScoreTile.firstOfKey(thread, nextPositions[n]);
          positionTile[stored ^ (8 * n) ^ 1] = ScoreTile.secondOfKey(thread, nextPositions[n]);
        }
      }
      int firstRow = Math.min(firstTile * ScoreTile.KEYS + loadedRow, keys - 1) * quads;
      for (int n = 0; n < steps; n++) {
        nextKeys[n] = kv.get(baseKeys + firstRow + quad + 4 * n);
      }
      for (int n = 0; n < steps; n++) {
        keyTile[storedKey ^ (8 * n)] = ScoreTile.firstOfKey(thread, nextKeys[n]);
        keyTile[storedKey ^ (8 * n) ^ 1] = ScoreTile.secondOfKey(thread, nextKeys[n]);
      }
      for (int n = 0; n < 4; n++) {
        sums[n] = 0f;
        roundedSums[n] = 0f;
        most[n] = LEAST;
      }
      if (thread == 0) {
        flags[0] = 0;
        flags[1] = 0;
      }
      context.localBarrier();
      // Results by columns. TornadoVM compiles no arrays of fragments.
      float[] y0 = context.mmaFragment(0f);
      float[] y1 = context.mmaFragment(0f);
      float[] y2 = context.mmaFragment(0f);
      float[] y3 = context.mmaFragment(0f);
      float[] y4 = context.mmaFragment(0f);
      float[] y5 = context.mmaFragment(0f);
      float[] y6 = context.mmaFragment(0f);
      float[] y7 = context.mmaFragment(0f);
      for (int tile = firstTile; tile < endTile; tile++) {
        // Fragments are loaded at an offset that is 0, from memory: so none is loaded too early.
        int fresh = flags[1];
        int tileKey = tile * ScoreTile.KEYS;
        // This tile's values and the next one's keys and positions, on their way while scores are
        // computed.
        int nextRow = Math.min(tileKey + ScoreTile.KEYS + loadedRow, keys - 1) * quads;
        int valueRow = Math.min(tileKey + loadedRow, keys - 1) * quads;
        int nextPosition =
            firstPosition + (tile - firstTile) * ScoreTile.KEYS + ScoreTile.POSITIONS + loadedRow;
        int rowOfR = baseR + Math.max(0, Math.min(nextPosition, keys - 1)) * quads;
        for (int n = 0; n < steps; n++) {
          nextKeys[n] = kv.get(baseKeys + nextRow + quad + 4 * n);
          nextValues[n] = kv.get(baseValues + valueRow + quad + 4 * n);
          nextLowValues[n] = kv.get(baseLow + valueRow + quad + 4 * n);
          nextPositions[n] = positions.get(rowOfR + quad + 4 * n);
        }
        for (int part = 0; part < 3; part++) {
          int at = fresh + (warpPosition + part + 2 * (tile - firstTile)) % 6 * ScoreTile.NEXT_ROWS;
          ScoreTile.products(
              context,
              positionTile,
              at,
              steps,
              v00,
              v01,
              v10,
              v11,
              v20,
              v21,
              v30,
              v31,
              hiddenPositions,
              0);
          for (int n = 0; n < 4; n++) {
            int query = ScoreTile.query(n);
            int stored = storedPosition + ScoreTile.positionOffset(16 * part, query);
            int sum = FragmentSums.FIRST + (n >> 1) * 2 + (n & 1);
            bandTile[stored] = byPosition[sum];
            bandTile[stored + ScoreTile.BAND_PITCH] = byPosition[sum + FragmentSums.LOWER];
          }
        }
        for (int part = 0; part < 2; part++) {
          int at = fresh + part * ScoreTile.NEXT_ROWS;
          ScoreTile.products(
              context,
              keyTile,
              at,
              steps,
              u00,
              u01,
              u10,
              u11,
              u20,
              u21,
              u30,
              u31,
              hiddenContent,
              2 * part);
        }
        context.localBarrier();
        // Weights relative to the reference.
        int lead = ownQuery + memory - tileKey - ownKey;
        int past = tileKey + ownKey - filled;
        for (int n = 0; n < 8; n++) {
          int query = ScoreTile.query(n);
          int sum = FragmentSums.FIRST + 2 * (n >> 1) + (n & 1);
          int key = ScoreTile.keys(n);
          int at = loadedPosition + ScoreTile.positionOffset(key - query, query);
          float even = byContent[sum] + bandTile[at];
          float odd = byContent[sum + FragmentSums.LOWER] + bandTile[at + ScoreTile.BAND_PITCH];
          even = visible(lead + query - key, past + key, reach) ? factor * even : LEAST;
          odd = visible(lead + query - key - 1, past + key + 1, reach) ? factor * odd : LEAST;
          int own = n & 3;
          most[own] = TornadoMath.max(most[own], TornadoMath.max(even, odd));
          even = TornadoMath.exp(even - references[own]);
          odd = TornadoMath.exp(odd - references[own]);
          sums[own] += even + odd;
          FragmentSums.takeBits(context, even, hiddenBits, 0);
          FragmentSums.takeBits(context, odd, hiddenBits, 1);
          int pair =
              Bf16Pairs.ofBits(bits[FragmentSums.FIRST], bits[FragmentSums.FIRST + 2], false);
          roundedSums[own] += Bf16Pairs.first(pair) + Bf16Pairs.second(pair);
          weightTile[storedWeights + ScoreTile.weightOffset(n)] = pair;
        }
        int stored = storedKey + (tile - firstTile) % 3 * (ScoreTile.KEYS * ScoreTile.ROW_PAIRS);
        for (int n = 0; n < steps; n++) {
          positionTile[stored ^ (8 * n)] = ScoreTile.firstOfKey(thread, nextPositions[n]);
          positionTile[stored ^ (8 * n) ^ 1] = ScoreTile.secondOfKey(thread, nextPositions[n]);
        }
        for (int n = 0; n < steps; n++) {
          keyTile[storedKey ^ (8 * n)] = ScoreTile.firstOfKey(thread, nextKeys[n]);
          keyTile[storedKey ^ (8 * n) ^ 1] = ScoreTile.secondOfKey(thread, nextKeys[n]);
        }
        for (int n = 0; n < steps; n++) {
          valueTile[storedValue ^ (8 * n)] = ScoreTile.firstOfValue(thread, nextValues[n]);
          valueTile[storedValue ^ (8 * n) ^ 1] = ScoreTile.secondOfValue(thread, nextValues[n]);
          lowValueTile[storedValue ^ (8 * n)] = ScoreTile.firstOfValue(thread, nextLowValues[n]);
          lowValueTile[storedValue ^ (8 * n) ^ 1] =
              ScoreTile.secondOfValue(thread, nextLowValues[n]);
        }
        context.localBarrier();
        int last = flags[1];
        HalfFloat[] w0 = context.mmaLoadA(weightTile, 16, last + weights0);
        HalfFloat[] w1 = context.mmaLoadA(weightTile, 16, last + weights1);
        y0 = times(context, w0, w1, valueTile, lowValueTile, last + ScoreTile.right(thread, 0), y0);
        y1 = times(context, w0, w1, valueTile, lowValueTile, last + ScoreTile.right(thread, 1), y1);
        if (steps > 1) {
          y2 =
              times(
                  context, w0, w1, valueTile, lowValueTile, last + ScoreTile.right(thread, 2), y2);
          y3 =
              times(
                  context, w0, w1, valueTile, lowValueTile, last + ScoreTile.right(thread, 3), y3);
        }
        if (steps > 2) {
          y4 =
              times(
                  context, w0, w1, valueTile, lowValueTile, last + ScoreTile.right(thread, 4), y4);
          y5 =
              times(
                  context, w0, w1, valueTile, lowValueTile, last + ScoreTile.right(thread, 5), y5);
        }
        if (steps > 3) {
          y6 =
              times(
                  context, w0, w1, valueTile, lowValueTile, last + ScoreTile.right(thread, 6), y6);
          y7 =
              times(
                  context, w0, w1, valueTile, lowValueTile, last + ScoreTile.right(thread, 7), y7);
        }
      }
      FragmentSums.take(context, y0, hiddenContent, 0);
      FragmentSums.take(context, y1, hiddenContent, 1);
      FragmentSums.take(context, y2, hiddenContent, 2);
      FragmentSums.take(context, y3, hiddenContent, 3);
      FragmentSums.take(context, y4, hiddenContent, 4);
      FragmentSums.take(context, y5, hiddenContent, 5);
      FragmentSums.take(context, y6, hiddenContent, 6);
      FragmentSums.take(context, y7, hiddenContent, 7);
      // Behind each other: for each query the sums of those who share it, then their largest
      // scores, and their sums of rounded weights.
      context.localBarrier();
      int shared = ScoreTile.ownQuery(thread) * SHARING + ownKey / 2;
      for (int n = 0; n < 4; n++) {
        int at = shared + ScoreTile.query(n) * SHARING;
        bandTile[at] = sums[n];
        bandTile[MOST + at] = most[n];
        bandTile[ROUNDED + at] = roundedSums[n];
      }
      context.localBarrier();
      for (int n = 0; n < 4; n++) {
        int at = MOST + shared - ownKey / 2 + ScoreTile.query(n) * SHARING;
        float largest = bandTile[at];
        for (int other = 1; other < SHARING; other++) {
          largest = TornadoMath.max(largest, bandTile[at + other]);
        }
        most[n] = largest;
        if (TornadoMath.abs(largest - references[n]) > MOST_OFF) {
          flags[0] = 1;
        }
      }
      context.localBarrier();
      attempts = flags[0];
      if (attempts > 0) {
        for (int n = 0; n < 4; n++) {
          references[n] = most[n];
        }
      }
    }
    if (ownKey == 0) {
      for (int n = 0; n < 4; n++) {
        int query = ScoreTile.ownQuery(thread) + ScoreTile.query(n);
        bandTile[REFERENCES + query] = references[n];
      }
    }
    context.localBarrier();
    int column = 2 * (thread & 3);
    for (int n = 0; n < 2; n++) {
      int query = ScoreTile.warpQuery(thread) + ownKey / 2 + 8 * n;
      int i = firstQuery + query;
      if (i < queries) {
        float total = 0f;
        float roundedTotal = 0f;
        for (int other = 0; other < SHARING; other++) {
          total += bandTile[query * SHARING + other];
          roundedTotal += bandTile[ROUNDED + query * SHARING + other];
        }
        if (column == 0) {
          lse.set(
              (b * heads + h) * queries + i, bandTile[REFERENCES + query] + TornadoMath.log(total));
        }
        // Of rounded weights, so that results are averages of values.
        float inverse = 1f / roundedTotal;
        int row = baseQ + i * width;
        for (int fragment = 0; fragment < 2 * steps; fragment++) {
          int at = FragmentSums.FIRST + 2 * fragment + n * FragmentSums.LOWER;
          int p = column + 8 * fragment;
          if (p < size) {
            y.set(row + p, byContent[at] * inverse);
          }
          if (p + 1 < size) {
            y.set(row + p + 1, byContent[at + 1] * inverse);
          }
        }
      }
    }
  }

  /**
   * Whether a query sees a key.
   *
   * @param lead keys from this one to the query's own
   * @param past keys from the first one that is filled to this one
   */
  static boolean visible(int lead, int past, int reach) {
    return lead >= 0 && lead <= reach && past >= 0;
  }

  /** y + the weights of 32 keys times 8 columns of both parts of their values. */
  private static float[] times(
      KernelContext context,
      HalfFloat[] w0,
      HalfFloat[] w1,
      int[] values,
      int[] lowValues,
      int at,
      float[] y) {
    int next = at + ScoreTile.NEXT_ROWS;
    float[] sum = context.mmaBF16(w0, context.mmaLoadB(values, 16, at), y, MMAShape.M16N8K16);
    sum = context.mmaBF16(w1, context.mmaLoadB(values, 16, next), sum, MMAShape.M16N8K16);
    sum = context.mmaBF16(w0, context.mmaLoadB(lowValues, 16, at), sum, MMAShape.M16N8K16);
    return context.mmaBF16(w1, context.mmaLoadB(lowValues, 16, next), sum, MMAShape.M16N8K16);
  }
}
