package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Causal multi-head attention with relative positions and memory (Dai et al. 2019), fused: scores
 * exist for a tile at a time, in registers and local memory (online softmax, Milakov and Gimelshein
 * 2018; tiles, Dao et al. 2022).
 *
 * <p>With S = M + T keys, of which the first M are memory, for head h:
 *
 * <pre>
 * score[i, j] = scale * ((q[i] + u) . k[j] + (q[i] + v) . r[j - i + T - 1])
 *             = scale * ((q[i] + u) . (k[j] + r[c]) + bias[c])   with c = j - i + T - 1
 * bias[c]     = (v - u) . r[c]
 * visible     : max(M - length, i + M - reach) &lt;= j &lt;= i + M
 * y[i]        = sum over visible j of softmax_j(score[i, j]) * value[j]
 * </pre>
 *
 * <p>q, y [B, T, H*P]; kv [B, S, H*2*P], for each head its P of keys and its P of values; r [S,
 * H*P]; u, v [H, P]; scale [1]; length i32[1], in [0, M]; reach, how many keys before its own a
 * query sees at most, M or S - 1; lse [B, H, T], log-sum-exp of the scores of a query. f32; every
 * sum in a fixed order. Right on OpenCL and CUDA.
 */
public final class RelativeAttentionKernels {
  /** Below every score, and finite: differences with it are no NaN. */
  private static final float LEAST = -Float.MAX_VALUE;

  private RelativeAttentionKernels() {}

  /** bias [H, S], the part of the position scores that is the same for all queries. */
  public static void positionBias(
      FloatArray r, FloatArray u, FloatArray v, FloatArray bias, int keys, int heads, int size) {
    for (@Parallel int index = 0; index < heads * keys; index++) {
      int h = index / keys;
      int row = ((index % keys) * heads + h) * size;
      float sum = 0f;
      for (int p = 0; p < size; p++) {
        sum += (v.get(h * size + p) - u.get(h * size + p)) * r.get(row + p);
      }
      bias.set(index, sum);
    }
  }

  /**
   * y and lse. A workgroup takes a block of queries of one head and goes over the keys that they
   * see. Launch shape: {@link AttentionTile#forwardThreads}.
   *
   * @param bias of {@link #positionBias}
   * @param queries T
   * @param keys S
   * @param heads H
   * @param size P
   * @param reach in [M, S - 1]
   * @param queryRows of the {@link AttentionTile}
   * @param keyRows of the {@link AttentionTile}
   */
  public static void forward(
      KernelContext context,
      FloatArray q,
      FloatArray kv,
      FloatArray r,
      FloatArray u,
      FloatArray bias,
      FloatArray scale,
      IntArray length,
      FloatArray y,
      FloatArray lse,
      int queries,
      int keys,
      int heads,
      int size,
      int reach,
      int queryRows,
      int keyRows) {
    int queryBlock = AttentionTile.SIDE * queryRows;
    int keyBlock = AttentionTile.SIDE * keyRows;
    int columns = AttentionTile.columns(size);
    int pitch = AttentionTile.pitch(size);
    int scorePitch = AttentionTile.scorePitch(keyBlock);
    int positionRows = queryRows + keyRows;
    // Local arrays are named only in this method: handed to a helper they are addressed wrongly.
    float[] queryTile = context.allocateFloatLocalArray(queryBlock * pitch);
    float[] keyTile = context.allocateFloatLocalArray(keyBlock * pitch);
    // Columns beyond the head are read, not used: they begin the next row, or end the last one.
    float[] valueTile = context.allocateFloatLocalArray(keyBlock * pitch + AttentionTile.SIDE);
    float[] positionTile = context.allocateFloatLocalArray((queryBlock + keyBlock) * pitch);
    float[] biasTile = context.allocateFloatLocalArray(AttentionTile.THREADS);
    float[] scoreTile = context.allocateFloatLocalArray(queryBlock * scorePitch);
    // These live in registers: loops over them have constant bounds and are unrolled.
    float[] scores = new float[queryRows * keyRows];
    float[] byPosition = new float[queryRows * keyRows];
    float[] sums = new float[queryRows * columns];
    float[] largest = new float[queryRows];
    float[] total = new float[queryRows];
    float[] key = new float[keyRows];
    float[] position = new float[positionRows];
    float[] weight = new float[queryRows];
    float[] queryRow = new float[queryRows * columns];
    float[] keyRow = new float[keyRows * columns];
    float[] valueRow = new float[keyRows * columns];
    float[] positionRow = new float[positionRows * columns];

    int threadX = context.localIdx & (AttentionTile.SIDE - 1);
    int threadY = context.localIdx / AttentionTile.SIDE;
    int blocks = (queries + queryBlock - 1) / queryBlock;
    int b = context.groupIdx / blocks / heads;
    int h = context.groupIdx / blocks % heads;
    // Blocks that see the most keys come first.
    int firstQuery = (blocks - 1 - context.groupIdx % blocks) * queryBlock;
    int memory = keys - queries;
    int firstVisible = memory - length.get(0);
    int endVisible = Math.min(firstQuery + queryBlock, queries) + memory;
    float factor = scale.get(0);

    for (int a = 0; a < queryRows; a++) {
      largest[a] = LEAST;
      total[a] = 0f;
      // What lies outside is read from the edge instead: no branch keeps loads from overlapping.
      int i = Math.min(firstQuery + threadY + 8 * a, queries - 1);
      for (int m = 0; m < columns; m++) {
        sums[a * columns + m] = 0f;
        int p = Math.min(threadX + 8 * m, size - 1);
        queryRow[a * columns + m] =
            q.get(((b * queries + i) * heads + h) * size + p) + u.get(h * size + p);
      }
    }
    for (int a = 0; a < queryRows; a++) {
      for (int m = 0; m < columns; m++) {
        if (threadX + 8 * m < size) {
          queryTile[(threadY + 8 * a) * pitch + threadX + 8 * m] = queryRow[a * columns + m];
        }
      }
    }
    int firstOfAll = Math.max(firstVisible, firstQuery + memory - reach);
    for (int firstKey = firstOfAll / keyBlock * keyBlock;
        firstKey < endVisible;
        firstKey += keyBlock) {
      int firstPosition = firstKey - firstQuery + queries - queryBlock;
      for (int n = 0; n < keyRows; n++) {
        int j = Math.min(firstKey + threadY + 8 * n, keys - 1);
        for (int m = 0; m < columns; m++) {
          int p = Math.min(threadX + 8 * m, size - 1);
          int index = ((b * keys + j) * heads + h) * 2 * size + p;
          keyRow[n * columns + m] = kv.get(index);
          valueRow[n * columns + m] = kv.get(index + size);
        }
      }
      for (int n = 0; n < positionRows; n++) {
        int c = Math.max(0, Math.min(firstPosition + threadY + 8 * n, keys - 1));
        for (int m = 0; m < columns; m++) {
          int p = Math.min(threadX + 8 * m, size - 1);
          positionRow[n * columns + m] = r.get((c * heads + h) * size + p);
        }
      }
      for (int n = 0; n < keyRows; n++) {
        for (int m = 0; m < columns; m++) {
          if (threadX + 8 * m < size) {
            keyTile[(threadY + 8 * n) * pitch + threadX + 8 * m] = keyRow[n * columns + m];
            valueTile[(threadY + 8 * n) * pitch + threadX + 8 * m] = valueRow[n * columns + m];
          }
        }
      }
      for (int n = 0; n < positionRows; n++) {
        for (int m = 0; m < columns; m++) {
          if (threadX + 8 * m < size) {
            positionTile[(threadY + 8 * n) * pitch + threadX + 8 * m] =
                positionRow[n * columns + m];
          }
        }
      }
      int biasRow = Math.max(0, Math.min(firstPosition + context.localIdx, keys - 1));
      biasTile[context.localIdx] = bias.get(h * keys + biasRow);
      context.localBarrier();

      // Scores [a, n] use the row of positions of index queryRows - 1 + n - a.
      int firstRow = threadX - threadY + 7;
      for (int a = 0; a < queryRows; a++) {
        for (int n = 0; n < keyRows; n++) {
          scores[a * keyRows + n] = 0f;
          byPosition[a * keyRows + n] = biasTile[firstRow + 8 * (queryRows - 1 + n - a)];
        }
      }
      for (int p = 0; p < size; p++) {
        for (int n = 0; n < keyRows; n++) {
          key[n] = keyTile[(threadX + 8 * n) * pitch + p];
        }
        for (int n = 0; n < positionRows - 1; n++) {
          position[n] = positionTile[(firstRow + 8 * n) * pitch + p];
        }
        for (int a = 0; a < queryRows; a++) {
          float query = queryTile[(threadY + 8 * a) * pitch + p];
          for (int n = 0; n < keyRows; n++) {
            scores[a * keyRows + n] += query * key[n];
            byPosition[a * keyRows + n] += query * position[queryRows - 1 + n - a];
          }
        }
      }
      for (int a = 0; a < queryRows; a++) {
        int lastVisible = firstQuery + threadY + 8 * a + memory;
        int first = Math.max(firstVisible, lastVisible - reach);
        float most = LEAST;
        for (int n = 0; n < keyRows; n++) {
          int j = firstKey + threadX + 8 * n;
          float score = (scores[a * keyRows + n] + byPosition[a * keyRows + n]) * factor;
          score = j >= first && j <= lastVisible ? score : LEAST;
          scores[a * keyRows + n] = score;
          most = Math.max(most, score);
        }
        scoreTile[(threadY + 8 * a) * scorePitch + threadX] = most;
      }
      context.localBarrier();

      for (int a = 0; a < queryRows; a++) {
        float most = largest[a];
        for (int x = 0; x < AttentionTile.SIDE; x++) {
          most = Math.max(most, scoreTile[(threadY + 8 * a) * scorePitch + x]);
        }
        float shrink = TornadoMath.exp(largest[a] - most);
        largest[a] = most;
        total[a] *= shrink;
        for (int m = 0; m < columns; m++) {
          sums[a * columns + m] *= shrink;
        }
      }
      context.localBarrier();

      for (int a = 0; a < queryRows; a++) {
        for (int n = 0; n < keyRows; n++) {
          // 0 where hidden, once a query has seen a key. What a block before its first one leaves
          // in the sums is finite, and shrinks to 0 there.
          float exponential = TornadoMath.exp(scores[a * keyRows + n] - largest[a]);
          total[a] += exponential;
          scoreTile[(threadY + 8 * a) * scorePitch + threadX + 8 * n] = exponential;
        }
      }
      context.localBarrier();

      int keysHere = Math.min(keyBlock, endVisible - firstKey);
      for (int j = 0; j < keysHere; j++) {
        for (int a = 0; a < queryRows; a++) {
          weight[a] = scoreTile[(threadY + 8 * a) * scorePitch + j];
        }
        for (int m = 0; m < columns; m++) {
          float value = valueTile[j * pitch + threadX + 8 * m];
          for (int a = 0; a < queryRows; a++) {
            sums[a * columns + m] += weight[a] * value;
          }
        }
      }
      context.localBarrier();
    }

    for (int a = 0; a < queryRows; a++) {
      scoreTile[(threadY + 8 * a) * scorePitch + threadX] = total[a];
    }
    context.localBarrier();
    for (int a = 0; a < queryRows; a++) {
      int i = firstQuery + threadY + 8 * a;
      float sum = 0f;
      for (int x = 0; x < AttentionTile.SIDE; x++) {
        sum += scoreTile[(threadY + 8 * a) * scorePitch + x];
      }
      for (int m = 0; m < columns; m++) {
        int p = threadX + 8 * m;
        if (i < queries && p < size) {
          y.set(((b * queries + i) * heads + h) * size + p, sums[a * columns + m] / sum);
        }
      }
      if (i < queries && threadX == 0) {
        lse.set((b * heads + h) * queries + i, largest[a] + TornadoMath.log(sum));
      }
    }
  }
}
