package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Gradient of {@link RelativeAttentionKernels}, fused as it is: scores are computed again from lse,
 * a tile at a time. With weight the softmax and D[i] = dy[i] . y[i]:
 *
 * <pre>
 * dscore[i, j] = weight[i, j] * (dy[i] . value[j] - D[i])
 * dvalue[j]    = sum over i of weight[i, j] * dy[i]
 * dk[j]        = scale * sum over i of dscore[i, j] * (q[i] + u)
 * dq[i]        = scale * sum over j of dscore[i, j] * (k[j] + r[c])      with c = j - i + T - 1
 * dr[c]        = scale * sum over b, i of dscore[i, c + i - T + 1] * (q[i] + v)
 * du, dv       = the two parts of dq, summed over b, i
 * dscale       = sum over b, h, i, j of dscore[i, j] * score[i, j] / scale
 * </pre>
 *
 * <p>Shapes as there; dy, dq as q, and so on. f32; every sum in a fixed order. Right on OpenCL and
 * CUDA.
 */
public final class RelativeAttentionGradientKernels {
  /** Scales below this, where the log-sum-exp says nothing about the size of scores. */
  private static final float LEAST_SCALE = 1e-3f;

  private RelativeAttentionGradientKernels() {}

  /**
   * dq, dkv, and for each batch row what becomes dr, du, dv and dscale: {@link
   * AttentionGradientSumKernels} comes before and after. A workgroup takes a head of a batch row,
   * its blocks of keys one after the other and for each its blocks of queries.
   *
   * @param bias [H, S] of {@link RelativeAttentionKernels#positionBias}
   * @param terms [B, H, T, 2], lse and D of each query
   * @param parts [B, (S + 2)*H*P + H], for each batch row its dr, du, dv and a dscale for each head
   * @param queries T
   * @param keys S
   * @param heads H
   * @param size P
   * @param reach how many keys before its own a query sees at most, in [M, S - 1]
   * @param rows of the {@link AttentionTile}
   */
  public static void gradient(
      KernelContext context,
      FloatArray q,
      FloatArray kv,
      FloatArray r,
      FloatArray u,
      FloatArray v,
      FloatArray scale,
      IntArray length,
      FloatArray dy,
      FloatArray bias,
      FloatArray terms,
      FloatArray dq,
      FloatArray dkv,
      FloatArray parts,
      int queries,
      int keys,
      int heads,
      int size,
      int reach,
      int rows) {
    int block = AttentionTile.SIDE * rows;
    int columns = AttentionTile.columns(size);
    int pitch = AttentionTile.pitch(size);
    int scorePitch = AttentionTile.scorePitch(block);
    int margin = AttentionTile.SIDE;
    // Local arrays are named only in this method: handed to a helper they are addressed wrongly.
    // Columns beyond the head are read, not used: they begin the next row, or end the last one.
    // All threads write, those without a column behind the last row: with a branch that only some
    // take right before a barrier, dr was wrong on one machine's PoCL.
    float[] queryTile = context.allocateFloatLocalArray(block * pitch + AttentionTile.SIDE);
    float[] dyTile = context.allocateFloatLocalArray(block * pitch + AttentionTile.SIDE);
    float[] keyTile = context.allocateFloatLocalArray(block * pitch + AttentionTile.SIDE);
    // Holds the values first, then the positions.
    float[] positionTile = context.allocateFloatLocalArray(2 * block * pitch + AttentionTile.SIDE);
    float[] biasTile = context.allocateFloatLocalArray(AttentionTile.THREADS);
    // Weights first, then gradients of scores; 8 zeros before, between and after rows.
    float[] scoreTile = context.allocateFloatLocalArray(block * scorePitch + AttentionTile.SIDE);
    // These live in registers: loops over them have constant bounds and are unrolled.
    float[] dkRow = new float[rows * columns];
    float[] dvalueRow = new float[rows * columns];
    float[] drUpper = new float[rows * columns];
    float[] drLower = new float[rows * columns];
    float[] dqContent = new float[rows * columns];
    float[] dqPosition = new float[rows * columns];
    float[] du = new float[columns];
    float[] dv = new float[columns];
    float[] scores = new float[rows * rows];
    float[] byPosition = new float[rows * rows];
    float[] dweights = new float[rows * rows];
    float[] left = new float[rows];
    float[] right = new float[2 * rows];
    float[] element = new float[columns];
    float[] loaded = new float[rows * columns];
    float[] dyRow = new float[rows * columns];
    float[] valueRow = new float[rows * columns];
    float[] positionRow = new float[2 * rows * columns];

    int threadX = context.localIdx & (AttentionTile.SIDE - 1);
    int threadY = context.localIdx / AttentionTile.SIDE;
    int b = context.groupIdx / heads;
    int h = context.groupIdx % heads;
    int memory = keys - queries;
    int width = heads * size;
    int part = b * ((keys + 2) * width + heads);
    int firstVisible = memory - length.get(0);
    int firstBlock = firstVisible / block * block;
    float factor = scale.get(0);
    float inverse = Math.abs(factor) < LEAST_SCALE ? 0f : 1f / factor;
    float dscale = 0f;
    float dscores = 0f;
    float weightedScores = 0f;

    for (int n = context.localIdx; n < block * scorePitch + margin; n += AttentionTile.THREADS) {
      scoreTile[n] = 0f;
    }
    for (int m = 0; m < columns; m++) {
      du[m] = 0f;
      dv[m] = 0f;
    }
    // Hidden blocks.
    for (int j = threadY; j < firstBlock; j += AttentionTile.SIDE) {
      for (int m = 0; m < columns; m++) {
        int p = threadX + 8 * m;
        if (p < size) {
          int index = ((b * keys + j) * heads + h) * 2 * size + p;
          dkv.set(index, 0f);
          dkv.set(index + size, 0f);
          parts.set(part + (j * heads + h) * size + p, 0f);
        }
      }
    }
    // Sums of dr up to this row have been begun by earlier blocks of keys.
    int begunEnd = 0;

    for (int firstKey = firstBlock; firstKey < keys; firstKey += block) {
      for (int n = 0; n < rows; n++) {
        int j = Math.min(firstKey + threadY + 8 * n, keys - 1);
        for (int m = 0; m < columns; m++) {
          int p = Math.min(threadX + 8 * m, size - 1);
          loaded[n * columns + m] = kv.get(((b * keys + j) * heads + h) * 2 * size + p);
          dkRow[n * columns + m] = 0f;
          dvalueRow[n * columns + m] = 0f;
          drUpper[n * columns + m] = 0f;
        }
      }
      for (int n = 0; n < rows; n++) {
        for (int m = 0; m < columns; m++) {
          int slot = AttentionTile.slot(threadY + 8 * n, threadX + 8 * m, size, pitch, block);
          keyTile[slot] = loaded[n * columns + m];
        }
      }
      int firstSeeing = Math.max(0, firstKey - memory) / block * block;

      for (int firstQuery = firstSeeing; firstQuery < queries; firstQuery += block) {
        int firstPosition = firstKey - firstQuery + queries - block;
        int queriesHere = Math.min(block, queries - firstQuery);
        for (int a = 0; a < rows; a++) {
          int i = Math.min(firstQuery + threadY + 8 * a, queries - 1);
          int j = Math.min(firstKey + threadY + 8 * a, keys - 1);
          for (int m = 0; m < columns; m++) {
            int p = Math.min(threadX + 8 * m, size - 1);
            int index = ((b * queries + i) * heads + h) * size + p;
            loaded[a * columns + m] = q.get(index) + u.get(h * size + p);
            dyRow[a * columns + m] = dy.get(index);
            valueRow[a * columns + m] = kv.get((((b * keys + j) * heads + h) * 2 + 1) * size + p);
          }
        }
        for (int a = 0; a < rows; a++) {
          for (int m = 0; m < columns; m++) {
            int slot = AttentionTile.slot(threadY + 8 * a, threadX + 8 * m, size, pitch, block);
            queryTile[slot] = loaded[a * columns + m];
            dyTile[slot] = dyRow[a * columns + m];
            positionTile[slot] = valueRow[a * columns + m];
          }
        }
        context.localBarrier();

        // Under way while the values are in use.
        for (int n = 0; n < 2 * rows; n++) {
          int c = Math.max(0, Math.min(firstPosition + threadY + 8 * n, keys - 1));
          for (int m = 0; m < columns; m++) {
            int p = Math.min(threadX + 8 * m, size - 1);
            positionRow[n * columns + m] = r.get((c * heads + h) * size + p);
          }
        }
        int biasRow = Math.max(0, Math.min(firstPosition + context.localIdx, keys - 1));
        biasTile[context.localIdx] = bias.get(h * keys + biasRow);
        for (int a = 0; a < rows * rows; a++) {
          dweights[a] = 0f;
        }
        for (int p = 0; p < size; p++) {
          for (int n = 0; n < rows; n++) {
            right[n] = positionTile[(threadX + 8 * n) * pitch + p];
          }
          for (int a = 0; a < rows; a++) {
            float factorA = dyTile[(threadY + 8 * a) * pitch + p];
            for (int n = 0; n < rows; n++) {
              dweights[a * rows + n] += factorA * right[n];
            }
          }
        }
        context.localBarrier();

        for (int n = 0; n < 2 * rows; n++) {
          for (int m = 0; m < columns; m++) {
            int slot = AttentionTile.slot(threadY + 8 * n, threadX + 8 * m, size, pitch, 2 * block);
            positionTile[slot] = positionRow[n * columns + m];
          }
        }
        context.localBarrier();

        int firstRow = threadX - threadY + 7;
        for (int a = 0; a < rows; a++) {
          for (int n = 0; n < rows; n++) {
            scores[a * rows + n] = 0f;
            byPosition[a * rows + n] = biasTile[firstRow + 8 * (rows - 1 + n - a)];
          }
        }
        for (int p = 0; p < size; p++) {
          for (int n = 0; n < rows; n++) {
            left[n] = keyTile[(threadX + 8 * n) * pitch + p];
          }
          for (int n = 0; n < 2 * rows - 1; n++) {
            right[n] = positionTile[(firstRow + 8 * n) * pitch + p];
          }
          for (int a = 0; a < rows; a++) {
            float query = queryTile[(threadY + 8 * a) * pitch + p];
            for (int n = 0; n < rows; n++) {
              scores[a * rows + n] += query * left[n];
              byPosition[a * rows + n] += query * right[rows - 1 + n - a];
            }
          }
        }
        for (int a = 0; a < rows; a++) {
          int i = firstQuery + threadY + 8 * a;
          int query = (b * heads + h) * queries + Math.min(i, queries - 1);
          float lse = terms.get(2 * query);
          float mean = terms.get(2 * query + 1);
          int first = Math.max(firstVisible, i + memory - reach);
          // Scores are taken from what they would be if all were the same.
          float visible = Math.max(i + memory - first + 1, 1);
          float minusCentre = (TornadoMath.log(visible) - lse) * inverse;
          float rest = minusCentre * factor + lse;
          for (int n = 0; n < rows; n++) {
            int j = firstKey + threadX + 8 * n;
            float score = scores[a * rows + n] + minusCentre + byPosition[a * rows + n];
            float weight = TornadoMath.exp(score * factor - rest);
            weight = j >= first && j <= i + memory && i < queries ? weight : 0f;
            float dscore = weight * (dweights[a * rows + n] - mean);
            dscale += dscore * score;
            dscores += dscore;
            weightedScores += weight * score;
            dweights[a * rows + n] = dscore * factor;
            scoreTile[(threadY + 8 * a) * scorePitch + margin + threadX + 8 * n] = weight;
          }
        }
        context.localBarrier();

        for (int i = 0; i < queriesHere; i++) {
          for (int n = 0; n < rows; n++) {
            left[n] = scoreTile[i * scorePitch + margin + threadY + 8 * n];
          }
          for (int m = 0; m < columns; m++) {
            float x = dyTile[i * pitch + threadX + 8 * m];
            for (int n = 0; n < rows; n++) {
              dvalueRow[n * columns + m] += left[n] * x;
            }
          }
        }
        context.localBarrier();
        for (int a = 0; a < rows; a++) {
          for (int n = 0; n < rows; n++) {
            scoreTile[(threadY + 8 * a) * scorePitch + margin + threadX + 8 * n] =
                dweights[a * rows + n];
          }
        }
        context.localBarrier();

        for (int i = 0; i < queriesHere; i++) {
          for (int n = 0; n < rows; n++) {
            left[n] = scoreTile[i * scorePitch + margin + threadY + 8 * n];
          }
          for (int m = 0; m < columns; m++) {
            float x = queryTile[i * pitch + threadX + 8 * m];
            for (int n = 0; n < rows; n++) {
              dkRow[n * columns + m] += left[n] * x;
            }
          }
        }

        // dq
        for (int a = 0; a < rows * columns; a++) {
          dqContent[a] = 0f;
          dqPosition[a] = 0f;
        }
        int keySteps = Math.min(AttentionTile.SIDE, keys - firstKey);
        for (int s = 0; s < keySteps; s++) {
          for (int a = 0; a < rows; a++) {
            for (int n = 0; n < rows; n++) {
              scores[a * rows + n] = scoreTile[(threadY + 8 * a) * scorePitch + margin + s + 8 * n];
            }
          }
          for (int n = 0; n < rows; n++) {
            for (int m = 0; m < columns; m++) {
              float x = keyTile[(s + 8 * n) * pitch + threadX + 8 * m];
              for (int a = 0; a < rows; a++) {
                dqContent[a * columns + m] += scores[a * rows + n] * x;
              }
            }
          }
          for (int d = 0; d < 2 * rows - 1; d++) {
            for (int m = 0; m < columns; m++) {
              element[m] = positionTile[(s - threadY + 7 + 8 * d) * pitch + threadX + 8 * m];
            }
            for (int a = Math.max(0, rows - 1 - d); a < Math.min(rows, 2 * rows - 1 - d); a++) {
              for (int m = 0; m < columns; m++) {
                dqPosition[a * columns + m] += scores[a * rows + d + a - rows + 1] * element[m];
              }
            }
          }
        }
        for (int a = 0; a < rows * columns; a++) {
          loaded[a] = 0f;
        }
        if (firstKey > firstBlock) {
          for (int a = 0; a < rows; a++) {
            int i = Math.min(firstQuery + threadY + 8 * a, queries - 1);
            for (int m = 0; m < columns; m++) {
              int p = Math.min(threadX + 8 * m, size - 1);
              loaded[a * columns + m] = dq.get(((b * queries + i) * heads + h) * size + p);
            }
          }
        }
        for (int a = 0; a < rows; a++) {
          int i = firstQuery + threadY + 8 * a;
          for (int m = 0; m < columns; m++) {
            float contentPart = dqContent[a * columns + m];
            float positionPart = dqPosition[a * columns + m];
            du[m] += contentPart;
            dv[m] += positionPart;
            int p = threadX + 8 * m;
            if (i < queries && p < size) {
              int index = ((b * queries + i) * heads + h) * size + p;
              dq.set(index, loaded[a * columns + m] + contentPart + positionPart);
            }
          }
        }
        context.localBarrier();

        // q + v
        for (int m = 0; m < columns; m++) {
          int p = Math.min(threadX + 8 * m, size - 1);
          element[m] = v.get(h * size + p) - u.get(h * size + p);
        }
        for (int a = 0; a < rows; a++) {
          for (int m = 0; m < columns; m++) {
            int slot = AttentionTile.slot(threadY + 8 * a, threadX + 8 * m, size, pitch, block);
            queryTile[slot] += element[m];
          }
        }
        context.localBarrier();
        for (int a = 0; a < rows * columns; a++) {
          drLower[a] = 0f;
        }
        int querySteps = Math.min(AttentionTile.SIDE, queriesHere);
        for (int s = 0; s < querySteps; s++) {
          for (int e = 0; e < rows; e++) {
            for (int m = 0; m < columns; m++) {
              element[m] = queryTile[(s + 8 * e) * pitch + threadX + 8 * m];
            }
            int row = (s + 8 * e) * scorePitch + margin;
            for (int a = 0; a < rows - e; a++) {
              float x = scoreTile[row + 8 * (e + a) + s + threadY + 1];
              for (int m = 0; m < columns; m++) {
                drUpper[a * columns + m] += x * element[m];
              }
            }
            for (int a = rows - 1 - e; a < rows; a++) {
              float x = scoreTile[row + 8 * (e + a) + s + threadY + 1 - block];
              for (int m = 0; m < columns; m++) {
                drLower[a * columns + m] += x * element[m];
              }
            }
          }
        }
        for (int a = 0; a < rows; a++) {
          int c = Math.max(0, Math.min(firstPosition + block + threadY + 8 * a, keys - 1));
          for (int m = 0; m < columns; m++) {
            int p = Math.min(threadX + 8 * m, size - 1);
            loaded[a * columns + m] = parts.get(part + (c * heads + h) * size + p);
          }
        }
        for (int a = 0; a < rows; a++) {
          int c = firstPosition + block + threadY + 8 * a;
          for (int m = 0; m < columns; m++) {
            int p = threadX + 8 * m;
            if (c < keys && p < size) {
              float begun = c < begunEnd ? loaded[a * columns + m] : 0f;
              parts.set(part + (c * heads + h) * size + p, begun + drUpper[a * columns + m]);
            }
            drUpper[a * columns + m] = drLower[a * columns + m];
          }
        }
        context.localBarrier();
      }

      int lastQuery = (queries - 1) / block * block;
      for (int a = 0; a < rows; a++) {
        int c = firstKey - lastQuery + queries - block + threadY + 8 * a;
        for (int m = 0; m < columns; m++) {
          int p = threadX + 8 * m;
          if (c >= 0 && c < keys && p < size) {
            int index = part + (c * heads + h) * size + p;
            float begun = c < begunEnd ? parts.get(index) : 0f;
            parts.set(index, begun + drUpper[a * columns + m]);
          }
        }
      }
      begunEnd = Math.max(begunEnd, firstKey - firstSeeing + queries + block);

      for (int n = 0; n < rows; n++) {
        int j = firstKey + threadY + 8 * n;
        for (int m = 0; m < columns; m++) {
          int p = threadX + 8 * m;
          if (j < keys && p < size) {
            int index = ((b * keys + j) * heads + h) * 2 * size + p;
            dkv.set(index, dkRow[n * columns + m]);
            dkv.set(index + size, dvalueRow[n * columns + m]);
          }
        }
      }
    }

    biasTile[context.localIdx] = dscale;
    scoreTile[context.localIdx] = dscores;
    scoreTile[AttentionTile.THREADS + context.localIdx] = weightedScores;
    for (int m = 0; m < columns; m++) {
      int slot = AttentionTile.slot(threadY, threadX + 8 * m, size, pitch, block);
      queryTile[slot] = du[m];
      dyTile[slot] = dv[m];
    }
    context.localBarrier();
    for (int p = context.localIdx; p < size; p += AttentionTile.THREADS) {
      float duSum = 0f;
      float dvSum = 0f;
      for (int y = 0; y < AttentionTile.SIDE; y++) {
        duSum += queryTile[y * pitch + p];
        dvSum += dyTile[y * pitch + p];
      }
      parts.set(part + (keys * heads + h) * size + p, duSum);
      parts.set(part + ((keys + 1) * heads + h) * size + p, dvSum);
    }
    if (context.localIdx == 0) {
      float sum = 0f;
      float sumOfGradients = 0f;
      float sumOfScores = 0f;
      for (int n = 0; n < AttentionTile.THREADS; n++) {
        sum += biasTile[n];
        sumOfGradients += scoreTile[n];
        sumOfScores += scoreTile[AttentionTile.THREADS + n];
      }
      // Gradients of the scores of a query sum to 0 but for rounding, which scores far from 0 would
      // enlarge: what it adds to scores of the mean size is taken away again.
      parts.set(part + (keys + 2) * width + h, sum - sumOfGradients * sumOfScores / queries);
    }
  }
}
