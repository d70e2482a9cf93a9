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
 * fixed by the sizes. Magnitudes of q + u, q + v, keys, values and positions must be below 65520.
 * CUDA only.
 *
 * <p>While the weights of one tile of keys are computed, tensor cores multiply those of the tile
 * before with values.
 */
public final class AttentionMmaKernels {
  /**
   * Weights are computed relative to a guess at the largest score, and anew relative to that itself
   * where the guess was off by more than this: up to here neither a weight nor a sum of weights
   * leaves the range of f32 and bf16, and of the largest weights every bit is there. Weights in f16
   * would not reach far enough: a small trained model has scores of 35.
   */
  private static final float MOST_OFF = 60f;

  /** Below every score. */
  private static final float LEAST = -Float.MAX_VALUE;

  /** Threads of a warp that have scores of the same query. */
  private static final int SHARING = 8;

  /** In local memory, where largest scores and references begin. */
  private static final int MOST = ScoreTile.QUERIES * SHARING;

  private static final int REFERENCES = 2 * MOST;

  /** Two ones in bf16. */
  private static final int PAIR_OF_ONES = 0x3F803F80;

  /** Pairs of a right fragment. */
  private static final int ONES = 64;

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
   * @param q [B, T, H*P], rows {@code width} elements apart
   * @param u [H, P]
   * @param v [H, P]
   * @param headKeys of {@link AttentionOperandKernels#keys}, and so are headValues
   * @param positions of {@link AttentionOperandKernels#positions}
   * @param y [B, T, H*P]
   * @param lse [B, H, T]
   * @param batch B
   * @param width H*P, or up to P - 1 more
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
      LongArray headKeys,
      LongArray headValues,
      LongArray positions,
      FloatArray scale,
      IntArray length,
      FloatArray y,
      FloatArray lse,
      int batch,
      int width,
      int queries,
      int keys,
      int size,
      int reach) {
    // Local arrays are indexed only in this method: in a helper they are addressed wrongly.
    long[] keyTile = context.allocateLongLocalArray(ScoreTile.TILE);
    // Both parts of values, one behind the other.
    long[] valueTile = context.allocateLongLocalArray(2 * ScoreTile.TILE);
    long[] positionTile = context.allocateLongLocalArray(ScoreTile.POSITIONS * ScoreTile.ROW_QUADS);
    int[] weightTile = context.allocateIntLocalArray(ScoreTile.QUERIES * ScoreTile.WEIGHT_PAIRS);
    float[] bandTile = context.allocateFloatLocalArray(ScoreTile.BAND_SCORES);
    // Whether scores were far from their references.
    int[] flags = context.allocateIntLocalArray(4);
    // These live in registers.
    float[] own = new float[ScoreTile.OWN];
    float[] shiftsU = new float[2];
    float[] shiftsV = new float[2];
    long[] nextKeys = new long[4];
    long[] nextValues = new long[4];
    long[] nextLowValues = new long[4];
    long[] nextPositions = new long[4];
    float[] byContent = new float[FragmentSums.LENGTH];
    float[] byPosition = new float[FragmentSums.LENGTH];
    int[] bits = new int[FragmentSums.LENGTH];
    float[] sums = new float[4];
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
    int heads = width / size;
    int widthOfY = heads * size;
    int h = matrix / batch;
    int b = matrix % batch;
    int baseQ = b * queries * width + h * size;
    int baseY = b * queries * widthOfY + h * size;
    int baseKeys = (h * batch + b) * keys * quads;
    int baseLow = heads * batch * keys * quads + baseKeys;
    int baseR = h * keys * quads;
    float factor = scale.get(0);
    Object hiddenContent = FragmentSums.hidden(thread, byContent, y);
    Object hiddenPositions = FragmentSums.hidden(thread, byPosition, y);
    Object hiddenBits = FragmentSums.hidden(thread, bits, y);
    Object hiddenKeys = FragmentSums.hidden(thread, keyTile, y);
    Object hiddenValues = FragmentSums.hidden(thread, valueTile, y);
    Object hiddenRing = FragmentSums.hidden(thread, positionTile, y);

    // Queries with each of the biases, by columns, to registers.
    int queries0 = ScoreTile.right(thread, 2 * (thread >> 5));
    int queries1 = ScoreTile.right(thread, 2 * (thread >> 5) + 1);
    ScoreTile.loadQueries(q, own, baseQ, firstQuery, queries, width, size, thread);
    ScoreTile.loadBias(u, shiftsU, h, size, thread);
    ScoreTile.loadBias(v, shiftsV, h, size, thread);
    for (int load = 0; load < ScoreTile.QUERY_LOADS; load++) {
      positionTile[ScoreTile.storedQueries(thread, load)] =
          ScoreTile.biased(own, load, shiftsU, size, thread);
    }
    context.localBarrier();
    HalfFloat[] u00 = LocalQuads.loadB(context, positionTile, hiddenRing, queries0);
    HalfFloat[] u01 = LocalQuads.loadB(context, positionTile, hiddenRing, queries1);
    HalfFloat[] u10 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries0 + ScoreTile.NEXT_ROWS);
    HalfFloat[] u11 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries1 + ScoreTile.NEXT_ROWS);
    HalfFloat[] u20 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries0 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] u21 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries1 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] u30 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries0 + 3 * ScoreTile.NEXT_ROWS);
    HalfFloat[] u31 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries1 + 3 * ScoreTile.NEXT_ROWS);
    context.localBarrier();
    for (int load = 0; load < ScoreTile.QUERY_LOADS; load++) {
      positionTile[ScoreTile.storedQueries(thread, load)] =
          ScoreTile.biased(own, load, shiftsV, size, thread);
    }
    context.localBarrier();
    HalfFloat[] v00 = LocalQuads.loadB(context, positionTile, hiddenRing, queries0);
    HalfFloat[] v01 = LocalQuads.loadB(context, positionTile, hiddenRing, queries1);
    HalfFloat[] v10 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries0 + ScoreTile.NEXT_ROWS);
    HalfFloat[] v11 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries1 + ScoreTile.NEXT_ROWS);
    HalfFloat[] v20 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries0 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] v21 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries1 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] v30 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries0 + 3 * ScoreTile.NEXT_ROWS);
    HalfFloat[] v31 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries1 + 3 * ScoreTile.NEXT_ROWS);

    // What this thread loads of a tile: one of four parts of a row.
    int loadedKey = ScoreTile.loadedKey(thread);
    int loadedValue = ScoreTile.loadedValue(thread);
    int quad = thread & 3;
    int stored = ScoreTile.stored(thread);
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
    // First keys of tiles of which all queries of the group see all keys.
    int firstWhole = Math.max(filled, firstQuery + ScoreTile.QUERIES - 1 + memory - reach);
    int lastWhole = firstQuery + memory - ScoreTile.KEYS + 1;
    // Times these, weights are summed.
    context.localBarrier();
    if (thread < ONES) {
      weightTile[thread] = PAIR_OF_ONES;
    }
    context.localBarrier();
    HalfFloat[] ones = context.mmaLoadB(weightTile, 16, 0);
    for (int n = 0; n < 4; n++) {
      references[n] = 0f;
    }
    int attempts = 1;
    while (attempts > 0) {
      context.localBarrier();
      // The first keys, and all positions that they need.
      for (int part = 0; part < ScoreTile.POSITIONS / ScoreTile.KEYS; part++) {
        int position = firstPosition + loadedKey + part * ScoreTile.KEYS;
        int row = baseR + Math.max(0, Math.min(position, keys - 1)) * quads;
        for (int n = 0; n < steps; n++) {
          nextPositions[n] = positions.get(row + quad + 4 * n);
        }
        int at = stored + part * ScoreTile.TILE;
        for (int n = 0; n < steps; n++) {
          positionTile[at ^ (4 * n)] = nextPositions[n];
        }
      }
      int firstRow = Math.min(firstTile * ScoreTile.KEYS + loadedKey, keys - 1) * quads;
      for (int n = 0; n < steps; n++) {
        nextKeys[n] = headKeys.get(baseKeys + firstRow + quad + 4 * n);
      }
      for (int n = 0; n < steps; n++) {
        keyTile[stored ^ (4 * n)] = nextKeys[n];
      }
      for (int n = 0; n < 4; n++) {
        sums[n] = 0f;
        most[n] = LEAST;
      }
      // Before the first tile's weights come none.
      for (int n = 0; n < 8; n++) {
        valueTile[thread + n * ScoreTile.THREADS] = 0L;
      }
      for (int n = 0; n < ScoreTile.WEIGHTS / ScoreTile.THREADS; n++) {
        weightTile[thread + n * ScoreTile.THREADS] = 0;
      }
      if (thread == 0) {
        flags[0] = 0;
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
      float[] rounded = context.mmaFragment(0f);
      ScoreTile.products(
          context,
          positionTile,
          hiddenRing,
          warpPosition * ScoreTile.NEXT_ROWS,
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
      // Which third of the positions goes next.
      int turn = 0;
      for (int tile = firstTile; tile < endTile; tile++) {
        int tileKey = tile * ScoreTile.KEYS;
        int slot = warpPosition + 2 * turn;
        int ring = stored + turn * ScoreTile.TILE;
        turn = turn == 2 ? 0 : turn + 1;
        // Scores by the first 16 positions are those by the last 16 of the tile before.
        for (int part = 1; part < 3; part++) {
          ScoreTile.products(
              context,
              positionTile,
              hiddenRing,
              ScoreTile.positions(slot + part),
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
              2 * part);
        }
        for (int part = 0; part < 2; part++) {
          ScoreTile.products(
              context,
              keyTile,
              hiddenKeys,
              part * ScoreTile.NEXT_ROWS,
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
        for (int part = 0; part < 3; part++) {
          for (int n = 0; n < 8; n++) {
            int offset = ScoreTile.positionOffset(16 * part + (n >> 2), ScoreTile.query(n & 3));
            bandTile[storedPosition + offset] = byPosition[ScoreTile.positionSum(part, n)];
          }
        }
        for (int n = 0; n < 8; n++) {
          byPosition[ScoreTile.positionSum(0, n)] = byPosition[ScoreTile.positionSum(2, n)];
        }
        context.localBarrier();
        // Scores relative to the references.
        for (int n = 0; n < 8; n++) {
          int query = ScoreTile.query(n);
          int sum = ScoreTile.sum(n);
          int at = loadedPosition + ScoreTile.positionOffset(ScoreTile.keys(n) - query, query);
          float even = byContent[sum] + bandTile[at];
          float odd = byContent[sum + FragmentSums.LOWER] + bandTile[at + ScoreTile.BAND_PITCH];
          byContent[sum] = factor * even - references[n & 3];
          byContent[sum + FragmentSums.LOWER] = factor * odd - references[n & 3];
        }
        // Only tiles at the edges of what queries see have keys that they do not.
        if (tileKey < firstWhole || tileKey > lastWhole) {
          int lead = ownQuery + memory - tileKey - ownKey;
          ScoreTile.hide(byContent, LEAST, lead, tileKey + ownKey - filled, reach);
        }
        // The next tile's keys and positions and this one's values, on their way until the next
        // barrier.
        int nextRow = Math.min(tileKey + ScoreTile.KEYS + loadedKey, keys - 1) * quads + quad;
        int valueRow = Math.min(tileKey + loadedValue, keys - 1) * quads + quad;
        int nextPosition =
            firstPosition + (tile - firstTile) * ScoreTile.KEYS + ScoreTile.POSITIONS + loadedKey;
        int positionRow = Math.max(0, Math.min(nextPosition, keys - 1)) * quads + quad;
        for (int n = 0; n < steps; n++) {
          nextKeys[n] = headKeys.get(baseKeys + nextRow + 4 * n);
          nextValues[n] = headValues.get(baseKeys + valueRow + 4 * n);
          nextLowValues[n] = headValues.get(baseLow + valueRow + 4 * n);
          nextPositions[n] = positions.get(baseR + positionRow + 4 * n);
        }
        // The tile before. A warp loads a fragment as one, so none of its threads stores weights
        // before all have these.
        HalfFloat[] w0 = context.mmaLoadA(weightTile, 16, weights0);
        HalfFloat[] w1 = context.mmaLoadA(weightTile, 16, weights1);
        rounded = context.mmaBF16(w0, ones, rounded, MMAShape.M16N8K16);
        rounded = context.mmaBF16(w1, ones, rounded, MMAShape.M16N8K16);
        y0 = times(context, w0, w1, valueTile, hiddenValues, 0, y0);
        y1 = times(context, w0, w1, valueTile, hiddenValues, 1, y1);
        if (steps > 1) {
          y2 = times(context, w0, w1, valueTile, hiddenValues, 2, y2);
          y3 = times(context, w0, w1, valueTile, hiddenValues, 3, y3);
        }
        if (steps > 2) {
          y4 = times(context, w0, w1, valueTile, hiddenValues, 4, y4);
          y5 = times(context, w0, w1, valueTile, hiddenValues, 5, y5);
        }
        if (steps > 3) {
          y6 = times(context, w0, w1, valueTile, hiddenValues, 6, y6);
          y7 = times(context, w0, w1, valueTile, hiddenValues, 7, y7);
        }
        for (int n = 0; n < 8; n++) {
          int sum = ScoreTile.sum(n);
          int query = n & 3;
          float even = byContent[sum];
          float odd = byContent[sum + FragmentSums.LOWER];
          most[query] = TornadoMath.max(most[query], TornadoMath.max(even, odd));
          even = TornadoMath.exp(even);
          odd = TornadoMath.exp(odd);
          sums[query] += even + odd;
          FragmentSums.takeBits(context, even, hiddenBits, 0);
          FragmentSums.takeBits(context, odd, hiddenBits, 1);
          weightTile[storedWeights + ScoreTile.weightOffset(n)] =
              Bf16Pairs.ofNumbers(bits[FragmentSums.FIRST], bits[FragmentSums.FIRST + 2]);
        }
        for (int n = 0; n < steps; n++) {
          positionTile[ring ^ (4 * n)] = nextPositions[n];
          keyTile[stored ^ (4 * n)] = nextKeys[n];
        }
        context.localBarrier();
        for (int n = 0; n < steps; n++) {
          valueTile[stored ^ (4 * n)] = nextValues[n];
          valueTile[(stored ^ (4 * n)) + ScoreTile.TILE] = nextLowValues[n];
        }
      }
      context.localBarrier();
      HalfFloat[] w0 = context.mmaLoadA(weightTile, 16, weights0);
      HalfFloat[] w1 = context.mmaLoadA(weightTile, 16, weights1);
      rounded = context.mmaBF16(w0, ones, rounded, MMAShape.M16N8K16);
      rounded = context.mmaBF16(w1, ones, rounded, MMAShape.M16N8K16);
      y0 = times(context, w0, w1, valueTile, hiddenValues, 0, y0);
      y1 = times(context, w0, w1, valueTile, hiddenValues, 1, y1);
      if (steps > 1) {
        y2 = times(context, w0, w1, valueTile, hiddenValues, 2, y2);
        y3 = times(context, w0, w1, valueTile, hiddenValues, 3, y3);
      }
      if (steps > 2) {
        y4 = times(context, w0, w1, valueTile, hiddenValues, 4, y4);
        y5 = times(context, w0, w1, valueTile, hiddenValues, 5, y5);
      }
      if (steps > 3) {
        y6 = times(context, w0, w1, valueTile, hiddenValues, 6, y6);
        y7 = times(context, w0, w1, valueTile, hiddenValues, 7, y7);
      }
      FragmentSums.take(context, y0, hiddenContent, 0);
      FragmentSums.take(context, y1, hiddenContent, 1);
      FragmentSums.take(context, y2, hiddenContent, 2);
      FragmentSums.take(context, y3, hiddenContent, 3);
      FragmentSums.take(context, y4, hiddenContent, 4);
      FragmentSums.take(context, y5, hiddenContent, 5);
      FragmentSums.take(context, y6, hiddenContent, 6);
      FragmentSums.take(context, y7, hiddenContent, 7);
      FragmentSums.take(context, rounded, hiddenPositions, 0);
      // Behind each other: for each query the sums of those who share it, and their largest scores.
      context.localBarrier();
      int shared = ScoreTile.ownQuery(thread) * SHARING + ownKey / 2;
      for (int n = 0; n < 4; n++) {
        int at = shared + ScoreTile.query(n) * SHARING;
        bandTile[at] = sums[n];
        bandTile[MOST + at] = most[n];
      }
      context.localBarrier();
      for (int n = 0; n < 4; n++) {
        int at = MOST + shared - ownKey / 2 + ScoreTile.query(n) * SHARING;
        float largest = bandTile[at];
        for (int other = 1; other < SHARING; other++) {
          largest = TornadoMath.max(largest, bandTile[at + other]);
        }
        most[n] = largest;
        if (largest > MOST_OFF || (largest < -MOST_OFF && largest > LEAST)) {
          flags[0] = 1;
        }
      }
      context.localBarrier();
      attempts = flags[0];
      if (attempts > 0) {
        for (int n = 0; n < 4; n++) {
          references[n] += most[n];
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
        for (int other = 0; other < SHARING; other++) {
          total += bandTile[query * SHARING + other];
        }
        if (column == 0) {
          lse.set(
              (b * heads + h) * queries + i, bandTile[REFERENCES + query] + TornadoMath.log(total));
        }
        // Of rounded weights, so that results are averages of values; NaN if a weight is, which
        // rounding loses.
        float inverse = 1f / byPosition[FragmentSums.FIRST + n * FragmentSums.LOWER];
        inverse += 0f * total;
        int row = baseY + i * widthOfY;
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
   * y + the weights of 32 keys times 8 columns of both parts of their values.
   *
   * @param columns which 8 columns
   */
  private static float[] times(
      KernelContext context,
      HalfFloat[] w0,
      HalfFloat[] w1,
      long[] values,
      Object hidden,
      int columns,
      float[] y) {
    int at = ScoreTile.right(context.localIdx, columns);
    HalfFloat[] v0 = LocalQuads.loadB(context, values, hidden, at);
    HalfFloat[] v1 = LocalQuads.loadB(context, values, hidden, at + ScoreTile.NEXT_ROWS);
    int low = at + 2 * ScoreTile.NEXT_ROWS;
    HalfFloat[] low0 = LocalQuads.loadB(context, values, hidden, low);
    HalfFloat[] low1 = LocalQuads.loadB(context, values, hidden, low + ScoreTile.NEXT_ROWS);
    float[] sum = context.mmaBF16(w0, v0, y, MMAShape.M16N8K16);
    sum = context.mmaBF16(w1, v1, sum, MMAShape.M16N8K16);
    sum = context.mmaBF16(w0, low0, sum, MMAShape.M16N8K16);
    return context.mmaBF16(w1, low1, sum, MMAShape.M16N8K16);
  }
}
