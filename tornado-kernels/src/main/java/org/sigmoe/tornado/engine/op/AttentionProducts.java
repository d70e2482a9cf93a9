package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.cublas.GemmBatch;
import org.sigmoe.tornado.cublas.GemmBatch.Matrices;
import org.sigmoe.tornado.cublas.GemmCall;
import org.sigmoe.tornado.engine.op.AttentionChunks.Chunk;
import org.sigmoe.tornado.kernel.AttentionHeadKernels;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.RoundingKernels;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The products of an attention, for the heads and batch rows of a chunk.
 *
 * <p>With pitch P' of a head's columns and S' of scores: queries [H, B, T, P'], keys [H, B, S, P'],
 * positions [H, S, P']; scores [matrices of the chunk, T, S']. Values are of the form of keys;
 * gradients have the form of what they are for. Rows of operands may be longer than P': scores are
 * sums over whole rows, other products use the first columns ({@link AttentionHeadKernels}).
 */
final class AttentionProducts {
  /**
   * Matrices of scores.
   *
   * @param matrix of one of them
   * @param first elements before the first one
   * @param stride elements from one to the next
   */
  record Scores(Bf16Matrix matrix, int first, int stride) {
    private Matrices matrices() {
      return new Matrices(first, stride);
    }
  }

  private final RelativeAttention.Sizes sizes;
  private final BatchedProducts products;

  /** Pitch of scores, S'. */
  private final int scorePitch;

  /** Pitch of results in the form of queries, keys or positions, P'. */
  private final int headPitch;

  /** Elements of a matrix of scores. */
  private final int scores;

  AttentionProducts(RelativeAttention.Sizes sizes, BatchedProducts products) {
    this.sizes = sizes;
    this.products = products;
    this.scorePitch = RoundingKernels.pitch(sizes.keys());
    this.headPitch = RoundingKernels.pitch(sizes.headSize());
    this.scores = Math.multiplyExact(sizes.context(), scorePitch);
  }

  /** Scores = queries keys^T. */
  void queriesTimesKeys(Chunk chunk, Bf16Matrix ofQueries, Bf16Matrix ofKeys, FloatArray result) {
    GemmCall product =
        call(
            Transpose.NO,
            Transpose.YES,
            sizes.context(),
            sizes.keys(),
            ofQueries.pitch(),
            ofQueries.pitch(),
            ofKeys.pitch(),
            scorePitch);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.matrices(),
            queries(chunk.first(), 1, ofQueries.pitch()),
            keys(chunk.first(), ofKeys.pitch()),
            new Matrices(0, scores)),
        ofQueries,
        ofKeys,
        result);
  }

  /** Scores = queries positions^T, as if all queries had the last one's positions. */
  void queriesTimesPositions(
      Chunk chunk, Bf16Matrix ofQueries, Bf16Matrix positions, FloatArray result) {
    GemmCall product =
        call(
            Transpose.NO,
            Transpose.YES,
            chunk.batch() * sizes.context(),
            sizes.keys(),
            ofQueries.pitch(),
            ofQueries.pitch(),
            positions.pitch(),
            scorePitch);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.heads(),
            queries(chunk.first(), chunk.batch(), ofQueries.pitch()),
            keys(chunk.first() / sizes.batch(), positions.pitch()),
            new Matrices(0, chunk.batch() * scores)),
        ofQueries,
        positions,
        result);
  }

  /**
   * Queries = scores keys, rounded to bf16 if the result is {@link ShortArray}.
   *
   * @param parts of the keys: 2 where errors of keys would not average out, as gradients of scores
   *     sum to 0; the result has as many side by side
   */
  void scoresTimesKeys(
      Chunk chunk, Scores ofScores, Bf16Matrix ofKeys, int parts, TornadoNativeArray result) {
    int columns = AttentionHeadKernels.pitch(sizes.headSize(), parts);
    GemmCall product =
        call(
            Transpose.NO,
            Transpose.NO,
            sizes.context(),
            columns,
            sizes.keys(),
            ofScores.matrix().pitch(),
            ofKeys.pitch(),
            columns);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.matrices(),
            ofScores.matrices(),
            keys(chunk.first(), ofKeys.pitch()),
            queries(chunk.first(), 1, columns)),
        ofScores.matrix(),
        ofKeys,
        result);
  }

  /**
   * Keys = scores^T queries, rounded to bf16 if the result is {@link ShortArray}.
   *
   * @param first elements of the result in front of these keys
   */
  void scoresTimesQueries(
      Chunk chunk, Scores ofScores, Bf16Matrix ofQueries, TornadoNativeArray result, int first) {
    GemmCall product =
        call(
            Transpose.YES,
            Transpose.NO,
            sizes.keys(),
            headPitch,
            sizes.context(),
            ofScores.matrix().pitch(),
            ofQueries.pitch(),
            headPitch);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.matrices(),
            ofScores.matrices(),
            queries(chunk.first(), 1, ofQueries.pitch()),
            keys(chunk.first(), headPitch).after(first)),
        ofScores.matrix(),
        ofQueries,
        result);
  }

  /**
   * Queries = scores positions, with scores as of {@link #queriesTimesPositions}; positions in two
   * parts and results as in {@link #scoresTimesKeys}.
   */
  void scoresTimesPositions(
      Chunk chunk, Bf16Matrix ofScores, Bf16Matrix positions, TornadoNativeArray result) {
    int columns = AttentionHeadKernels.pitch(sizes.headSize(), 2);
    GemmCall product =
        call(
            Transpose.NO,
            Transpose.NO,
            chunk.batch() * sizes.context(),
            columns,
            sizes.keys(),
            ofScores.pitch(),
            positions.pitch(),
            columns);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.heads(),
            new Matrices(0, chunk.batch() * scores),
            keys(chunk.first() / sizes.batch(), positions.pitch()),
            queries(chunk.first(), chunk.batch(), columns)),
        ofScores,
        positions,
        result);
  }

  /**
   * Positions = scores^T queries, with scores as of {@link #queriesTimesPositions}.
   *
   * @param batch rows of the batch to sum over, a divisor of those of the chunk
   * @param result [H, B / batch, S, P'], of which the sums of the chunk are written
   */
  void positionSums(
      Chunk chunk, Bf16Matrix ofScores, Bf16Matrix ofQueries, int batch, FloatArray result) {
    GemmCall product =
        call(
            Transpose.YES,
            Transpose.NO,
            sizes.keys(),
            headPitch,
            batch * sizes.context(),
            ofScores.pitch(),
            ofQueries.pitch(),
            headPitch);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.matrices() / batch,
            new Matrices(0, batch * scores),
            queries(chunk.first(), batch, ofQueries.pitch()),
            keys(chunk.first() / batch, headPitch)),
        ofScores,
        ofQueries,
        result);
  }

  /** Scores one matrix after the other. */
  Scores adjacent(Bf16Matrix matrix) {
    return new Scores(matrix, 0, scores);
  }

  /** Queries of so many batch rows each, from the matrix of one head and batch row on. */
  private Matrices queries(int first, int batch, int pitch) {
    int elements = sizes.context() * pitch;
    return new Matrices(first * elements, batch * elements);
  }

  /** Keys or positions, from one of their matrices on. */
  private Matrices keys(int first, int pitch) {
    int elements = sizes.keys() * pitch;
    return new Matrices(first * elements, elements);
  }

  private static GemmCall call(
      Transpose transposeA,
      Transpose transposeB,
      int m,
      int n,
      int k,
      int pitchA,
      int pitchB,
      int pitchC) {
    return GemmCall.rowMajor(Precision.BF16, transposeA, transposeB, m, n, k, pitchA, pitchB)
        .withResultPitch(pitchC);
  }

  private void add(GemmBatch batch, Bf16Matrix a, Bf16Matrix b, TornadoNativeArray result) {
    GemmBatch call = result instanceof ShortArray ? batch.rounding() : batch;
    products.add(call, b.array().shorts(), a.array().shorts(), result);
  }
}
