package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The part of the gradient of relative attention between the products that read queries, keys and
 * positions and those that sum over them: weights and gradients for scores, which are written
 * rounded to bf16, from scores that only local memory sees. Scores are those of {@link
 * AttentionMmaKernels}, operands of the gradient for weights are rounded to f16: magnitudes of
 * values must be below 65520 too. CUDA only.
 */
public final class AttentionGradientMmaKernels {
  /** A log-sum-exp so great that weights are 0. */
  private static final float NO_WEIGHT = 1e30f;

  /** What the largest gradient for results of a group becomes in f16 at most. */
  private static final float MOST_SHARE = 1024f;

  /** Below this gradients for results are stretched no further. */
  private static final float LEAST_SHRINK = 1e-36f;

  /** Threads of a warp that have scores of the same query. */
  private static final int SHARING = 8;

  /** From sums of one kind to those of the next in local memory. */
  private static final int NEXT_SUMS = ScoreTile.QUERIES * SHARING;

  private AttentionGradientMmaKernels() {}

  /** Groups of {@link #gradient}: one for each block of queries of each matrix of scores. */
  public static int groups(int matrices, int queries) {
    return Math.multiplyExact(matrices, Math.ceilDiv(queries, ScoreTile.QUERIES));
  }

  /** Launch shape of {@link #gradient}. */
  public static WorkerGrid threads(int matrices, int queries) {
    return ScoreTile.threads(matrices, queries);
  }

  /**
   * Weights, and the gradients for content and position, which are scale times that for scores, of
   * the matrices from number {@code first} of [H, B] on. Launch shape: {@link #threads}.
   *
   * @param q [B, T, H*P], and as all the following of {@link AttentionMmaKernels#forward}
   * @param dy [B, T, H*P]
   * @param terms [B, H, T, 2] of {@link AttentionOperandKernels#queryTerms}
   * @param scores bf16 [matrices, 2, T, S'], for each matrix weights and then the gradient for
   *     content; rows are S' = {@link RoundingKernels#pitch} elements apart
   * @param dposition bf16 [matrices, T, S'], as that for content, but in column j - i + T - 1
   *     modulo S
   * @param dscale a part of the gradient for scale for each block of queries of each matrix of [H,
   *     B]
   */
  public static void gradient(
      KernelContext context,
      FloatArray q,
      FloatArray u,
      FloatArray v,
      FloatArray dy,
      LongArray kv,
      LongArray positions,
      FloatArray terms,
      FloatArray scale,
      IntArray length,
      LongArray scores,
      ShortArray dposition,
      FloatArray dscale,
      int first,
      int batch,
      int heads,
      int queries,
      int keys,
      int size,
      int reach) {
    // Local arrays are indexed only in this method: in a helper they are addressed wrongly.
    int[] keyTile = context.allocateIntLocalArray(ScoreTile.KEYS * ScoreTile.ROW_PAIRS);
    int[] valueTile = context.allocateIntLocalArray(ScoreTile.KEYS * ScoreTile.ROW_PAIRS);
    int[] positionTile = context.allocateIntLocalArray(ScoreTile.POSITIONS * ScoreTile.ROW_PAIRS);
    int[] weightTile = context.allocateIntLocalArray(ScoreTile.QUERIES * ScoreTile.WEIGHT_PAIRS);
    int[] gradientTile = context.allocateIntLocalArray(ScoreTile.QUERIES * ScoreTile.WEIGHT_PAIRS);
    float[] bandTile = context.allocateFloatLocalArray(ScoreTile.BAND_SCORES);
    int[] zero = context.allocateIntLocalArray(4);
    // These live in registers.
    long[] nextKeys = new long[4];
    long[] nextValues = new long[4];
    long[] nextPositions = new long[4];
    float[] byContent = new float[FragmentSums.LENGTH];
    float[] byPosition = new float[FragmentSums.LENGTH];
    float[] dweights = new float[FragmentSums.LENGTH];
    int[] bits = new int[FragmentSums.LENGTH];
    float[] logSums = new float[4];
    float[] ofScores = new float[4];
    float[] ofGradients = new float[4];
    float[] ofBoth = new float[4];
    float[] means = new float[4];

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
    int h = (first + matrix) / batch;
    int b = (first + matrix) % batch;
    int baseQ = b * queries * width + h * size;
    int baseKeys = (h * batch + b) * keys * quads;
    int baseValues = heads * batch * keys * quads + baseKeys;
    int baseR = h * keys * quads;
    int pitch = RoundingKernels.pitch(keys);
    float factor = scale.get(0);
    Object hiddenContent = FragmentSums.hidden(thread, byContent, dscale);
    Object hiddenPositions = FragmentSums.hidden(thread, byPosition, dscale);
    Object hiddenDweights = FragmentSums.hidden(thread, dweights, dscale);
    Object hiddenBits = FragmentSums.hidden(thread, bits, dscale);

    // Queries with each of the biases and gradients for results, by columns, to registers.
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
    context.localBarrier();
    // Gradients for results as shares of about their largest: f16 has no small numbers.
    float largest = 0f;
    for (int load = 0; load < 16; load++) {
      int column = ScoreTile.queryColumn(thread, load);
      int i = firstQuery + ScoreTile.firstQuery(thread, load);
      int row = baseQ + Math.min(i, queries - 1) * width;
      int next = baseQ + Math.min(i + 1, queries - 1) * width;
      float even = TornadoMath.abs(Bf16Pairs.orZero(dy, row, column, size));
      float odd = TornadoMath.abs(Bf16Pairs.orZero(dy, next, column, size));
      largest = TornadoMath.max(largest, TornadoMath.max(even, odd));
    }
    bandTile[thread] = largest;
    for (int step = ScoreTile.THREADS / 2; step > 0; step /= 2) {
      context.localBarrier();
      if (thread < step) {
        bandTile[thread] = TornadoMath.max(bandTile[thread], bandTile[thread + step]);
      }
    }
    context.localBarrier();
    // A power of two, so that dividing by it rounds nothing.
    float shrink = 1f;
    while (shrink * MOST_SHARE < bandTile[0]) {
      shrink *= 2f;
    }
    while (shrink * MOST_SHARE / 2f > bandTile[0] && shrink > LEAST_SHRINK) {
      shrink /= 2f;
    }
    float stretch = 1f / shrink;
    for (int load = 0; load < 16; load++) {
      int column = ScoreTile.queryColumn(thread, load);
      int i = firstQuery + ScoreTile.firstQuery(thread, load);
      int row = baseQ + Math.min(i, queries - 1) * width;
      int next = baseQ + Math.min(i + 1, queries - 1) * width;
      float even = AttentionOperandKernels.rounded(Bf16Pairs.orZero(dy, row, column, size));
      float odd = AttentionOperandKernels.rounded(Bf16Pairs.orZero(dy, next, column, size));
      positionTile[ScoreTile.storedQueries(thread, load)] =
          F16Pairs.of(even * stretch, odd * stretch);
    }
    context.localBarrier();
    HalfFloat[] d00 = context.mmaLoadB(positionTile, 16, queries0);
    HalfFloat[] d01 = context.mmaLoadB(positionTile, 16, queries1);
    HalfFloat[] d10 = context.mmaLoadB(positionTile, 16, queries0 + ScoreTile.NEXT_ROWS);
    HalfFloat[] d11 = context.mmaLoadB(positionTile, 16, queries1 + ScoreTile.NEXT_ROWS);
    HalfFloat[] d20 = context.mmaLoadB(positionTile, 16, queries0 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] d21 = context.mmaLoadB(positionTile, 16, queries1 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] d30 = context.mmaLoadB(positionTile, 16, queries0 + 3 * ScoreTile.NEXT_ROWS);
    HalfFloat[] d31 = context.mmaLoadB(positionTile, 16, queries1 + 3 * ScoreTile.NEXT_ROWS);
    context.localBarrier();

    // What this thread loads of a tile: one of four parts of a row.
    int loadedRow = thread >> 2;
    int quad = thread & 3;
    int storedKey = ScoreTile.storedKey(thread);
    // Whose scores it has.
    int ownQuery = firstQuery + ScoreTile.ownQuery(thread);
    int ownKey = ScoreTile.ownKey(thread);
    int storedPosition = ScoreTile.storedPosition(thread);
    int loadedPosition = ScoreTile.loadedPosition(thread);
    int storedWeights = ScoreTile.storedWeights(thread);
    // The first position of the group's tile of positions, and the first of the warp in it.
    int firstPosition = firstTile * ScoreTile.KEYS - firstQuery - ScoreTile.QUERIES + queries;
    int warpPosition = ScoreTile.QUERIES / ScoreTile.WARP_QUERIES - 1 - (thread >> 5);
    for (int n = 0; n < 4; n++) {
      int i = ownQuery + ScoreTile.query(n);
      int term = 2 * ((b * heads + h) * queries + Math.min(i, queries - 1));
      logSums[n] = i < queries ? terms.get(term) : NO_WEIGHT;
      means[n] = terms.get(term + 1);
    }
    for (int n = 0; n < 4; n++) {
      ofScores[n] = 0f;
      ofGradients[n] = 0f;
      ofBoth[n] = 0f;
    }
    float inverse = factor == 0f ? 0f : 1f / factor;
    // What this thread writes of weights and gradients: a part of a row, and a column.
    int lane = thread & 31;
    int warpQuery = ScoreTile.warpQuery(thread);
    int writtenRow = warpQuery + (lane >> 3);
    int baseWeights = 2 * matrix * queries * pitch;
    int baseContent = baseWeights + queries * pitch;
    int basePosition = matrix * queries * pitch;
    int tiles = pitch / ScoreTile.KEYS;
    for (int tile = 0; tile < tiles; tile++) {
      if (tile < firstTile || tile >= endTile) {
        int tileKey = tile * ScoreTile.KEYS;
        for (int n = 0; n < 4; n++) {
          int i = firstQuery + writtenRow + 4 * n;
          if (i < queries) {
            int at = i * pitch + tileKey + 4 * (lane & 7);
            scores.set((baseWeights + at) / 4, 0L);
            scores.set((baseContent + at) / 4, 0L);
          }
        }
        for (int n = 0; n < ScoreTile.WARP_QUERIES; n++) {
          int i = firstQuery + warpQuery + n;
          int c = positionOf(tileKey + lane, i, queries, keys);
          if (i < queries && tileKey + lane < keys) {
            dposition.set(basePosition + i * pitch + c, (short) 0);
          }
        }
      }
    }
    // The first keys and values, and all positions that they need.
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
    for (int n = 0; n < steps; n++) {
      nextValues[n] = kv.get(baseValues + firstRow + quad + 4 * n);
    }
    for (int n = 0; n < steps; n++) {
      valueTile[storedKey ^ (8 * n)] = ScoreTile.firstOfKey(thread, nextValues[n]);
      valueTile[storedKey ^ (8 * n) ^ 1] = ScoreTile.secondOfKey(thread, nextValues[n]);
    }
    if (thread == 0) {
      zero[0] = 0;
    }
    context.localBarrier();
    for (int tile = firstTile; tile < endTile; tile++) {
      // Fragments are loaded at an offset that is 0, from memory: so none is loaded too early.
      int fresh = zero[0];
      int tileKey = tile * ScoreTile.KEYS;
      // The next tile is on its way while scores are computed.
      int nextRow = Math.min(tileKey + ScoreTile.KEYS + loadedRow, keys - 1) * quads;
      int nextPosition =
          firstPosition + (tile - firstTile) * ScoreTile.KEYS + ScoreTile.POSITIONS + loadedRow;
      int rowOfR = baseR + Math.max(0, Math.min(nextPosition, keys - 1)) * quads;
      for (int n = 0; n < steps; n++) {
        nextKeys[n] = kv.get(baseKeys + nextRow + quad + 4 * n);
        nextValues[n] = kv.get(baseValues + nextRow + quad + 4 * n);
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
      for (int part = 0; part < 2; part++) {
        int at = fresh + part * ScoreTile.NEXT_ROWS;
        ScoreTile.products(
            context,
            valueTile,
            at,
            steps,
            d00,
            d01,
            d10,
            d11,
            d20,
            d21,
            d30,
            d31,
            hiddenDweights,
            2 * part);
      }
      context.localBarrier();
      int lead = ownQuery + memory - tileKey - ownKey;
      int past = tileKey + ownKey - filled;
      for (int n = 0; n < 8; n++) {
        int query = ScoreTile.query(n);
        int key = ScoreTile.keys(n);
        int at = loadedPosition + ScoreTile.positionOffset(key - query, query);
        int own = n & 3;
        for (int odd = 0; odd < 2; odd++) {
          int sum = FragmentSums.FIRST + 2 * (n >> 1) + (n & 1) + odd * FragmentSums.LOWER;
          float score = byContent[sum] + bandTile[at + odd * ScoreTile.BAND_PITCH];
          float weight =
              AttentionMmaKernels.visible(lead + query - key - odd, past + key + odd, reach)
                  ? TornadoMath.exp(factor * score - logSums[own])
                  : 0f;
          float dweight = dweights[sum] * shrink;
          float dscore = weight * (dweight - means[own]);
          float centred = weight * (score - logSums[own] * inverse);
          ofScores[own] += centred;
          ofGradients[own] += weight * dweight;
          ofBoth[own] += centred * dweight;
          FragmentSums.takeBits(context, weight, hiddenBits, odd);
          FragmentSums.takeBits(context, factor * dscore, hiddenBits, 2 + odd);
        }
        int stored = storedWeights + ScoreTile.weightOffset(n);
        weightTile[stored] =
            Bf16Pairs.ofBits(bits[FragmentSums.FIRST], bits[FragmentSums.FIRST + 2], false);
        gradientTile[stored] =
            Bf16Pairs.ofBits(bits[FragmentSums.FIRST + 4], bits[FragmentSums.FIRST + 6], false);
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
        valueTile[storedKey ^ (8 * n)] = ScoreTile.firstOfKey(thread, nextValues[n]);
        valueTile[storedKey ^ (8 * n) ^ 1] = ScoreTile.secondOfKey(thread, nextValues[n]);
      }
      context.localBarrier();
      for (int n = 0; n < 4; n++) {
        int row = writtenRow + 4 * n;
        int pair = row * ScoreTile.WEIGHT_PAIRS + 2 * (lane & 7);
        int i = firstQuery + row;
        if (i < queries) {
          int at = i * pitch + tileKey + 4 * (lane & 7);
          scores.set((baseWeights + at) / 4, quad(weightTile[pair], weightTile[pair + 1]));
          scores.set((baseContent + at) / 4, quad(gradientTile[pair], gradientTile[pair + 1]));
        }
      }
      for (int n = 0; n < ScoreTile.WARP_QUERIES; n++) {
        int i = firstQuery + warpQuery + n;
        int pair = gradientTile[(warpQuery + n) * ScoreTile.WEIGHT_PAIRS + (lane >> 1)];
        int c = positionOf(tileKey + lane, i, queries, keys);
        if (i < queries && tileKey + lane < keys) {
          dposition.set(basePosition + i * pitch + c, (short) (pair >> (16 * (lane & 1))));
        }
      }
    }
    // The gradient for scale is the covariance of scores and gradients for weights: from sums, so
    // that it does not depend on how exact the means are.
    context.localBarrier();
    for (int n = 0; n < 4; n++) {
      int query = ScoreTile.ownQuery(thread) + ScoreTile.query(n);
      int at = query * SHARING + ownKey / 2;
      bandTile[at] = ofScores[n];
      bandTile[NEXT_SUMS + at] = ofGradients[n];
      bandTile[2 * NEXT_SUMS + at] = ofBoth[n];
    }
    context.localBarrier();
    float covariance = 0f;
    if (thread < ScoreTile.QUERIES) {
      float meanScore = 0f;
      float meanGradient = 0f;
      for (int n = 0; n < SHARING; n++) {
        meanScore += bandTile[thread * SHARING + n];
        meanGradient += bandTile[NEXT_SUMS + thread * SHARING + n];
        covariance += bandTile[2 * NEXT_SUMS + thread * SHARING + n];
      }
      covariance -= meanScore * meanGradient;
    }
    context.localBarrier();
    bandTile[thread] = covariance;
    for (int step = ScoreTile.THREADS / 2; step > 0; step /= 2) {
      context.localBarrier();
      if (thread < step) {
        bandTile[thread] += bandTile[thread + step];
      }
    }
    if (thread == 0) {
      dscale.set((first + matrix) * blocks + block, bandTile[0]);
    }
  }

  /** Where a query has the position of a key; of a hidden one, where it has no position. */
  private static int positionOf(int key, int i, int queries, int keys) {
    int position = key + queries - 1 - i;
    return position < keys ? position : position - keys;
  }

  private static long quad(int first, int second) {
    return (first & 0xFFFFFFFFL) | ((long) second << 32);
  }
}
