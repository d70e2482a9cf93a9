package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.cublas.GemmBatch;
import org.sigmoe.tornado.cublas.GemmBatch.Matrices;
import org.sigmoe.tornado.cublas.GemmCall;
import org.sigmoe.tornado.engine.op.AttentionChunks.Chunk;
import org.sigmoe.tornado.kernel.RoundingKernels;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The products of an attention, for the heads and batch rows of a chunk.
 *
 * <p>With pitch P' of a head's columns and S' of scores: queries [H, B, T, P'], keys [H, B, S, P'],
 * positions [H, S, P']; scores [matrices of the chunk, T, S']. Values are of the form of keys;
 * gradients have the form of what they are for.
 */
final class AttentionProducts {
  private final RelativeAttention.Sizes sizes;
  private final BatchedProducts products;

  /** Pitch of scores, S'. */
  private final int scorePitch;

  /** Pitch of queries, keys and positions, P'. */
  private final int headPitch;

  /** Elements of a matrix of scores. */
  private final int scores;

  /** Elements of the matrix of the queries of one head of one batch row. */
  private final int queries;

  /** Elements of the matrix of the keys of one head of one batch row. */
  private final int keys;

  AttentionProducts(RelativeAttention.Sizes sizes, BatchedProducts products) {
    this.sizes = sizes;
    this.products = products;
    this.scorePitch = RoundingKernels.pitch(sizes.keys());
    this.headPitch = RoundingKernels.pitch(sizes.headSize());
    this.scores = Math.multiplyExact(sizes.context(), scorePitch);
    this.queries = sizes.context() * headPitch;
    this.keys = sizes.keys() * headPitch;
  }

  /** Scores = queries keys^T. */
  void queriesTimesKeys(Chunk chunk, ShortArray ofQueries, ShortArray ofKeys, FloatArray result) {
    GemmCall product =
        call(
            Transpose.NO,
            Transpose.YES,
            sizes.context(),
            sizes.keys(),
            headPitch,
            headPitch,
            headPitch,
            scorePitch);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.matrices(),
            new Matrices(chunk.first() * queries, queries),
            new Matrices(chunk.first() * keys, keys),
            new Matrices(0, scores)),
        ofQueries,
        ofKeys,
        result);
  }

  /** Scores = queries positions^T, as if all queries had the last one's positions. */
  void queriesTimesPositions(
      Chunk chunk, ShortArray ofQueries, ShortArray positions, FloatArray result) {
    GemmCall product =
        call(
            Transpose.NO,
            Transpose.YES,
            chunk.batch() * sizes.context(),
            sizes.keys(),
            headPitch,
            headPitch,
            headPitch,
            scorePitch);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.heads(),
            queriesOfHeads(chunk),
            positionsOfHeads(chunk),
            new Matrices(0, chunk.batch() * scores)),
        ofQueries,
        positions,
        result);
  }

  /** Queries = scores keys. */
  void scoresTimesKeys(Chunk chunk, ShortArray ofScores, ShortArray ofKeys, FloatArray result) {
    GemmCall product =
        call(
            Transpose.NO,
            Transpose.NO,
            sizes.context(),
            headPitch,
            sizes.keys(),
            scorePitch,
            headPitch,
            headPitch);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.matrices(),
            new Matrices(0, scores),
            new Matrices(chunk.first() * keys, keys),
            new Matrices(chunk.first() * queries, queries)),
        ofScores,
        ofKeys,
        result);
  }

  /** Keys = scores^T queries. */
  void scoresTimesQueries(
      Chunk chunk, ShortArray ofScores, ShortArray ofQueries, FloatArray result) {
    GemmCall product =
        call(
            Transpose.YES,
            Transpose.NO,
            sizes.keys(),
            headPitch,
            sizes.context(),
            scorePitch,
            headPitch,
            headPitch);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.matrices(),
            new Matrices(0, scores),
            new Matrices(chunk.first() * queries, queries),
            new Matrices(chunk.first() * keys, keys)),
        ofScores,
        ofQueries,
        result);
  }

  /** Queries = scores positions, with scores as of {@link #queriesTimesPositions}. */
  void scoresTimesPositions(
      Chunk chunk, ShortArray ofScores, ShortArray positions, FloatArray result) {
    GemmCall product =
        call(
            Transpose.NO,
            Transpose.NO,
            chunk.batch() * sizes.context(),
            headPitch,
            sizes.keys(),
            scorePitch,
            headPitch,
            headPitch);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.heads(),
            new Matrices(0, chunk.batch() * scores),
            positionsOfHeads(chunk),
            queriesOfHeads(chunk)),
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
      Chunk chunk, ShortArray ofScores, ShortArray ofQueries, int batch, FloatArray result) {
    GemmCall product =
        call(
            Transpose.YES,
            Transpose.NO,
            sizes.keys(),
            headPitch,
            batch * sizes.context(),
            scorePitch,
            headPitch,
            headPitch);
    add(
        GemmBatch.rowMajor(
            product,
            chunk.matrices() / batch,
            new Matrices(0, batch * scores),
            new Matrices(chunk.first() * queries, batch * queries),
            new Matrices(chunk.first() / batch * keys, keys)),
        ofScores,
        ofQueries,
        result);
  }

  private Matrices queriesOfHeads(Chunk chunk) {
    return new Matrices(chunk.first() * queries, chunk.batch() * queries);
  }

  private Matrices positionsOfHeads(Chunk chunk) {
    return new Matrices(chunk.first() / sizes.batch() * keys, keys);
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

  private void add(GemmBatch batch, ShortArray a, ShortArray b, FloatArray result) {
    products.add(batch, b, a, result);
  }
}
