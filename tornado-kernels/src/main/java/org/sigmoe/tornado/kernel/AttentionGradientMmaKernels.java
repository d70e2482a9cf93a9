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
 * AttentionMmaKernels}, operands of the gradient for weights are rounded to f16. CUDA only.
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
   * @param dy [B, T, H*P], rows {@code width} elements apart
   * @param headKeys keys and values in f16 of {@link AttentionOperandKernels#keys}
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
      LongArray headKeys,
      LongArray positions,
      FloatArray terms,
      FloatArray scale,
      IntArray length,
      LongArray scores,
      ShortArray dposition,
      FloatArray dscale,
      int first,
      int batch,
      int width,
      int queries,
      int keys,
      int size,
      int reach) {
    // Local arrays are indexed only in this method: in a helper they are addressed wrongly.
    long[] keyTile = context.allocateLongLocalArray(ScoreTile.TILE);
    long[] valueTile = context.allocateLongLocalArray(ScoreTile.TILE);
    long[] positionTile = context.allocateLongLocalArray(ScoreTile.POSITIONS * ScoreTile.ROW_QUADS);
    int[] weightTile = context.allocateIntLocalArray(ScoreTile.QUERIES * ScoreTile.WEIGHT_PAIRS);
    int[] gradientTile = context.allocateIntLocalArray(ScoreTile.QUERIES * ScoreTile.WEIGHT_PAIRS);
    float[] bandTile = context.allocateFloatLocalArray(ScoreTile.BAND_SCORES);
    // These live in registers.
    float[] own = new float[ScoreTile.OWN];
    float[] ownGradients = new float[ScoreTile.OWN];
    float[] shiftsU = new float[2];
    float[] shiftsV = new float[2];
    long[] nextKeys = new long[4];
    long[] nextValues = new long[4];
    long[] nextPositions = new long[4];
    float[] byContent = new float[FragmentSums.LENGTH];
    float[] byPosition = new float[FragmentSums.LENGTH];
    float[] dweights = new float[FragmentSums.LENGTH];
    float[] weights = new float[FragmentSums.LENGTH];
    int[] bits = new int[FragmentSums.LENGTH];
    long[] weightRows = new long[ScoreGradients.ROWS];
    long[] gradientRows = new long[ScoreGradients.ROWS];
    int[] gradientColumn = new int[ScoreTile.WARP_QUERIES];
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
    int heads = width / size;
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
    Object hiddenKeys = FragmentSums.hidden(thread, keyTile, dscale);
    Object hiddenValues = FragmentSums.hidden(thread, valueTile, dscale);
    Object hiddenRing = FragmentSums.hidden(thread, positionTile, dscale);

    // Queries with each of the biases and gradients for results, by columns, to registers.
    int queries0 = ScoreTile.right(thread, 2 * (thread >> 5));
    int queries1 = ScoreTile.right(thread, 2 * (thread >> 5) + 1);
    ScoreTile.loadQueries(q, own, baseQ, firstQuery, queries, width, size, thread);
    ScoreTile.loadQueries(dy, ownGradients, baseQ, firstQuery, queries, width, size, thread);
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
    context.localBarrier();
    // Gradients for results as shares of about their largest: f16 has no small numbers.
    bandTile[thread] = ScoreTile.largest(ownGradients);
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
    for (int load = 0; load < ScoreTile.QUERY_LOADS; load++) {
      positionTile[ScoreTile.storedQueries(thread, load)] =
          ScoreTile.stretched(ownGradients, load, stretch, size, thread);
    }
    context.localBarrier();
    HalfFloat[] d00 = LocalQuads.loadB(context, positionTile, hiddenRing, queries0);
    HalfFloat[] d01 = LocalQuads.loadB(context, positionTile, hiddenRing, queries1);
    HalfFloat[] d10 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries0 + ScoreTile.NEXT_ROWS);
    HalfFloat[] d11 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries1 + ScoreTile.NEXT_ROWS);
    HalfFloat[] d20 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries0 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] d21 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries1 + 2 * ScoreTile.NEXT_ROWS);
    HalfFloat[] d30 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries0 + 3 * ScoreTile.NEXT_ROWS);
    HalfFloat[] d31 =
        LocalQuads.loadB(context, positionTile, hiddenRing, queries1 + 3 * ScoreTile.NEXT_ROWS);
    context.localBarrier();

    // What this thread loads of a tile: one of four parts of a row.
    int loadedKey = ScoreTile.loadedKey(thread);
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
    // First keys of tiles of which all queries of the group, and none beyond the last one, see all.
    int firstWhole = Math.max(filled, firstQuery + ScoreTile.QUERIES - 1 + memory - reach);
    int lastWhole =
        firstQuery + ScoreTile.QUERIES <= queries ? firstQuery + memory - ScoreTile.KEYS + 1 : -1;
    // Zeros where no query of the group sees a key.
    for (int n = 0; n < ScoreGradients.ROWS; n++) {
      weightRows[n] = 0L;
      gradientRows[n] = 0L;
    }
    for (int n = 0; n < ScoreTile.WARP_QUERIES; n++) {
      gradientColumn[n] = 0;
    }
    for (int tile = 0; tile < pitch / ScoreTile.KEYS; tile++) {
      if (tile < firstTile || tile >= endTile) {
        ScoreGradients.set(
            scores,
            dposition,
            weightRows,
            gradientRows,
            gradientColumn,
            false,
            thread,
            matrix,
            firstQuery,
            tile * ScoreTile.KEYS,
            queries,
            keys,
            pitch);
      }
    }
    int rowPair = ScoreGradients.rowPair(thread);
    int columnPair = ScoreGradients.columnPair(thread);
    // The first keys and values, and all positions that they need.
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
    for (int n = 0; n < steps; n++) {
      nextValues[n] = headKeys.get(baseValues + firstRow + quad + 4 * n);
    }
    for (int n = 0; n < steps; n++) {
      valueTile[stored ^ (4 * n)] = nextValues[n];
    }
    int secondRow = Math.min((firstTile + 1) * ScoreTile.KEYS + loadedKey, keys - 1) * quads + quad;
    int secondPosition = firstPosition + ScoreTile.POSITIONS + loadedKey;
    int secondPositionRow = Math.max(0, Math.min(secondPosition, keys - 1)) * quads + quad;
    for (int n = 0; n < steps; n++) {
      nextKeys[n] = headKeys.get(baseKeys + secondRow + 4 * n);
      nextValues[n] = headKeys.get(baseValues + secondRow + 4 * n);
      nextPositions[n] = positions.get(baseR + secondPositionRow + 4 * n);
    }
    context.localBarrier();
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
      for (int part = 0; part < 2; part++) {
        ScoreTile.products(
            context,
            valueTile,
            hiddenValues,
            part * ScoreTile.NEXT_ROWS,
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
      // Only tiles at the edges of what queries see have keys that they do not.
      boolean whole = tileKey >= firstWhole && tileKey <= lastWhole;
      for (int n = 0; n < 8; n++) {
        int next = ScoreTile.query(n);
        int query = n & 3;
        int at = loadedPosition + ScoreTile.positionOffset(ScoreTile.keys(n) - next, next);
        for (int odd = 0; odd < 2; odd++) {
          int sum = ScoreTile.sum(n) + odd * FragmentSums.LOWER;
          byContent[sum] += bandTile[at + odd * ScoreTile.BAND_PITCH];
          weights[sum] = TornadoMath.exp(factor * byContent[sum] - logSums[query]);
        }
      }
      if (!whole) {
        int lead = ownQuery + memory - tileKey - ownKey;
        ScoreTile.hide(weights, 0f, lead, tileKey + ownKey - filled, reach);
      }
      for (int n = 0; n < 8; n++) {
        int query = n & 3;
        for (int odd = 0; odd < 2; odd++) {
          int sum = ScoreTile.sum(n) + odd * FragmentSums.LOWER;
          float weight = weights[sum];
          float dscore = weight * (dweights[sum] * shrink - means[query]);
          ofScores[query] += weight * byContent[sum];
          ofGradients[query] += dscore;
          ofBoth[query] += dscore * byContent[sum];
          FragmentSums.takeBits(context, weight, hiddenBits, odd);
          FragmentSums.takeBits(context, factor * dscore, hiddenBits, 2 + odd);
        }
        int pair = storedWeights + ScoreTile.weightOffset(n);
        // Where a weight is NaN, the gradient is, too.
        weightTile[pair] =
            Bf16Pairs.ofNumbers(bits[FragmentSums.FIRST], bits[FragmentSums.FIRST + 2]);
        gradientTile[pair] =
            Bf16Pairs.ofBits(bits[FragmentSums.FIRST + 4], bits[FragmentSums.FIRST + 6], false);
      }
      for (int n = 0; n < steps; n++) {
        positionTile[ring ^ (4 * n)] = nextPositions[n];
        keyTile[stored ^ (4 * n)] = nextKeys[n];
        valueTile[stored ^ (4 * n)] = nextValues[n];
      }
      // The tile after the next is on its way until the next one is done.
      int nextRow = Math.min(tileKey + 2 * ScoreTile.KEYS + loadedKey, keys - 1) * quads + quad;
      int nextPosition =
          firstPosition + (tile + 1 - firstTile) * ScoreTile.KEYS + ScoreTile.POSITIONS + loadedKey;
      int positionRow = Math.max(0, Math.min(nextPosition, keys - 1)) * quads + quad;
      for (int n = 0; n < steps; n++) {
        nextKeys[n] = headKeys.get(baseKeys + nextRow + 4 * n);
        nextValues[n] = headKeys.get(baseValues + nextRow + 4 * n);
        nextPositions[n] = positions.get(baseR + positionRow + 4 * n);
      }
      context.localBarrier();
      // All that is to be written, because no load of local memory overtakes a store.
      for (int n = 0; n < ScoreGradients.ROWS; n++) {
        int pair = rowPair + ScoreGradients.nextRows(n);
        weightRows[n] = Quads.of(weightTile[pair], weightTile[pair + 1]);
        gradientRows[n] = Quads.of(gradientTile[pair], gradientTile[pair + 1]);
      }
      for (int n = 0; n < ScoreTile.WARP_QUERIES; n++) {
        int pair = gradientTile[columnPair + n * ScoreTile.WEIGHT_PAIRS];
        gradientColumn[n] = pair >> (16 * (thread & 1));
      }
      ScoreGradients.set(
          scores,
          dposition,
          weightRows,
          gradientRows,
          gradientColumn,
          whole,
          thread,
          matrix,
          firstQuery,
          tileKey,
          queries,
          keys,
          pitch);
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
}
