package org.sigmoe.tornado.engine.op;

import java.util.function.Function;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.tornado.kernel.AttentionHeadKernels;
import org.sigmoe.tornado.kernel.AttentionOperandKernels;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.ReductionKernels;
import org.sigmoe.tornado.kernel.RoundingKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * The operands of an attention as matrices of single heads, and results from such matrices, as
 * {@link AttentionProducts} has them.
 */
final class AttentionHeads {
  /** What of an operand a copy holds; see {@link AttentionHeadKernels}. */
  enum Parts {
    /** The operand rounded. */
    ROUNDED(1, 1),
    /** The three parts of the left operand of scores. */
    LEFT(3, 2),
    /** The three parts of the right operand of scores. */
    RIGHT(3, 1);

    private final int count;
    private final int low;

    Parts(int count, int low) {
      this.count = count;
      this.low = low;
    }
  }

  private final Lowering to;
  private final int heads;
  private final int size;
  private final int pitch;

  /** Rows of queries, B*T. */
  private final int queries;

  /** Rows of keys, B*S. */
  private final int keys;

  /** Rows of positions, S. */
  private final int positions;

  AttentionHeads(RelativeAttention.Sizes sizes, Lowering to) {
    this.to = to;
    this.heads = sizes.heads();
    this.size = sizes.headSize();
    this.pitch = RoundingKernels.pitch(size);
    this.queries = Math.multiplyExact(sizes.batch(), sizes.context());
    this.keys = Math.multiplyExact(sizes.batch(), sizes.keys());
    this.positions = sizes.keys();
  }

  /** q with each of both biases. */
  record Queries(Bf16Matrix withU, Bf16Matrix withV) {}

  /** Queries rounded. */
  Queries roundedQueries(FloatArray q, FloatArray u, FloatArray v) {
    Bf16Matrix withU = rounded(queries, Parts.ROUNDED);
    Bf16Matrix withV = rounded(queries, Parts.ROUNDED);
    int quads = withU.pitch() / 4;
    task(
        "attentionQueries",
        heads * queries * quads,
        id ->
            new TaskPackage(
                id,
                AttentionOperandKernels::queries,
                to.context(),
                q,
                u,
                v,
                queries,
                heads,
                size,
                quads,
                withU.array().quads(),
                withV.array().quads()));
    return new Queries(withU, withV);
  }

  /** Queries as operand of scores. */
  Queries queries(FloatArray q, FloatArray u, FloatArray v) {
    Parts parts = Parts.LEFT;
    Bf16Matrix withU = rounded(queries, parts);
    Bf16Matrix withV = rounded(queries, parts);
    task(
        "attentionQueriesToHeads",
        heads * queries * withU.pitch() / 2,
        id ->
            new TaskPackage(
                id,
                AttentionHeadKernels::queriesToHeads,
                to.context(),
                q,
                u,
                v,
                queries,
                heads,
                size,
                withU.pitch(),
                parts.count,
                parts.low,
                withU.array().pairs(),
                withV.array().pairs()));
    return new Queries(withU, withV);
  }

  Bf16Matrix keys(FloatArray kv, Parts parts) {
    return toHeads(kv, keys, 0, 2 * size, parts);
  }

  /** Keys in two parts, from those of {@link AttentionOperandKernels#keys}. */
  Bf16Matrix partsOfKeys(LongArray headKeys) {
    return parts(headKeys, keys);
  }

  /** Positions in two parts, from those of {@link AttentionOperandKernels#positions}. */
  Bf16Matrix partsOfPositions(LongArray headPositions) {
    return parts(headPositions, positions);
  }

  private Bf16Matrix parts(LongArray x, int rows) {
    int quads = AttentionOperandKernels.quads(size);
    // Twice the operand's.
    int pitchOfParts = AttentionHeadKernels.pitch(size, 2);
    Bf16Matrix y = new Bf16Matrix(to.bf16Scratch((long) heads * rows * pitchOfParts), pitchOfParts);
    task(
        "attentionParts",
        heads * rows * quads,
        id ->
            new TaskPackage(
                id,
                AttentionOperandKernels::parts,
                to.context(),
                x,
                heads * rows,
                quads,
                y.array().quads()));
    return y;
  }

  /** Values, as operand of scores or not. */
  Bf16Matrix values(FloatArray kv, Parts parts) {
    return toHeads(kv, keys, size, 2 * size, parts);
  }

  Bf16Matrix positions(FloatArray r, Parts parts) {
    return toHeads(r, positions, 0, size, parts);
  }

  Bf16Matrix results(FloatArray dy, Parts parts) {
    return toHeads(dy, queries, 0, size, parts);
  }

  /** Scratch memory for results, rounded. */
  Bf16Matrix roundedResults() {
    return rounded(queries, Parts.ROUNDED);
  }

  private Bf16Matrix toHeads(FloatArray x, int rows, int start, int step, Parts parts) {
    Bf16Matrix y = rounded(rows, parts);
    task(
        "attentionToHeads",
        heads * rows * y.pitch() / 2,
        id ->
            new TaskPackage(
                id,
                AttentionHeadKernels::toHeads,
                to.context(),
                x,
                rows,
                heads,
                size,
                start,
                step,
                y.pitch(),
                parts.count,
                parts.low,
                y.array().pairs()));
    return y;
  }

  private Bf16Matrix rounded(int rows, Parts parts) {
    int pitchOfParts = AttentionHeadKernels.pitch(size, parts.count);
    return new Bf16Matrix(to.bf16Scratch((long) heads * pitchOfParts * rows), pitchOfParts);
  }

  FloatArray resultScratch() {
    return to.scratch(heads * pitch, queries);
  }

  /**
   * Scratch memory for a summand of the gradient for queries, in two parts.
   *
   * @param result the gradient: if it is read rounded alone, its summands are bf16 too
   */
  TornadoNativeArray queryScratch(Value result) {
    int columns = heads * AttentionHeadKernels.pitch(size, 2);
    return to.roundedUses().onlyRounded(result)
        ? to.bf16Scratch((long) columns * queries).shorts()
        : to.scratch(columns, queries);
  }

  /**
   * Scratch memory for a part of the gradient for keys and values.
   *
   * @param result the gradient: if it is read rounded alone, its parts are bf16 too
   */
  TornadoNativeArray keyScratch(Value result) {
    return to.roundedUses().onlyRounded(result)
        ? to.bf16Scratch((long) heads * pitch * keys).shorts()
        : to.scratch(heads * pitch, keys);
  }

  /** Scratch memory for so many parts of a sum over the batch. */
  FloatArray positionScratch(int parts) {
    return to.scratch(heads * pitch, Math.multiplyExact(parts, positions));
  }

  void toResults(FloatArray byHeads, FloatArray y) {
    fromHeads(byHeads, 1, queries, y);
  }

  /** dr from parts of the sum over the batch. */
  void toPositions(FloatArray byHeads, int parts, FloatArray dr) {
    fromHeads(byHeads, parts, positions, dr);
  }

  private void fromHeads(FloatArray x, int parts, int rows, FloatArray y) {
    task(
        "attentionFromHeads",
        rows * heads * size,
        id ->
            new TaskPackage(
                id,
                AttentionHeadKernels::fromHeads,
                to.context(),
                x,
                parts,
                rows,
                heads,
                size,
                pitch,
                y));
  }

  /**
   * The gradient for keys and values from those by heads.
   *
   * @param dk of {@link #keyScratch}, and so is dvalue
   */
  void toKeys(TornadoNativeArray dk, TornadoNativeArray dvalue, Value result) {
    if (dk instanceof ShortArray roundedDk && dvalue instanceof ShortArray roundedDvalue) {
      toRoundedKeys(roundedDk, roundedDvalue, to.producedRounded(result));
    } else {
      toKeys((FloatArray) dk, (FloatArray) dvalue, to.floats(result));
    }
  }

  private void toRoundedKeys(ShortArray dk, ShortArray dvalue, Bf16Matrix dkv) {
    task(
        "attentionKeysFromHeadsRounded",
        keys * dkv.pitch() / 4,
        id ->
            new TaskPackage(
                id,
                AttentionHeadKernels::keysFromHeadsRounded,
                to.context(),
                dk,
                dvalue,
                keys,
                heads,
                size,
                pitch,
                dkv.pitch(),
                dkv.array().quads()));
  }

  private void toKeys(FloatArray dk, FloatArray dvalue, FloatArray dkv) {
    task(
        "attentionKeysFromHeads",
        keys * heads * size,
        id ->
            new TaskPackage(
                id,
                AttentionHeadKernels::keysFromHeads,
                to.context(),
                dk,
                dvalue,
                keys,
                heads,
                size,
                pitch,
                dkv));
  }

  /**
   * dq, du and dv from the gradients by content and by position.
   *
   * @param content of {@link #queryScratch}, two parts as keys had them, and so is position
   * @param secondPart columns before the second part
   */
  void toQueries(
      TornadoNativeArray content,
      TornadoNativeArray position,
      int secondPart,
      Value result,
      FloatArray du,
      FloatArray dv) {
    if (content instanceof ShortArray roundedContent
        && position instanceof ShortArray roundedPosition) {
      Bf16Matrix dq = to.producedRounded(result);
      FloatArray none = to.scratch(1);
      toQueries(
          none,
          none,
          roundedContent,
          roundedPosition,
          secondPart,
          dq.pitch(),
          none,
          dq.array().shorts(),
          du,
          dv);
    } else {
      ShortArray none = to.bf16Scratch(1).shorts();
      toQueries(
          (FloatArray) content,
          (FloatArray) position,
          none,
          none,
          secondPart,
          0,
          to.floats(result),
          none,
          du,
          dv);
    }
  }

  private void toQueries(
      FloatArray content,
      FloatArray position,
      ShortArray roundedContent,
      ShortArray roundedPosition,
      int secondPart,
      int roundedPitch,
      FloatArray dq,
      ShortArray roundedDq,
      FloatArray du,
      FloatArray dv) {
    int rowsPerChunk = ReductionKernels.rowsPerChunk(queries);
    int chunks = Math.ceilDiv(queries, rowsPerChunk);
    FloatArray duParts = to.scratch(chunks, heads * size);
    FloatArray dvParts = to.scratch(chunks, heads * size);
    to.task(
        "attentionQueriesFromHeads",
        AttentionHeadKernels.queriesFromHeadsThreads(heads, size, chunks),
        id ->
            new TaskPackage(
                id,
                AttentionHeadKernels::queriesFromHeads,
                to.context(),
                content,
                position,
                roundedContent,
                roundedPosition,
                queries,
                heads,
                size,
                AttentionHeadKernels.pitch(size, 2),
                secondPart,
                rowsPerChunk,
                roundedPitch,
                dq,
                roundedDq,
                duParts,
                dvParts));
    ReductionTasks.sumsOfChunks(duParts, dvParts, chunks, heads * size, du, dv, to);
  }

  private void task(String name, int elements, Function<String, TaskPackage> task) {
    to.task(name, LaunchShapes.elements(elements), task);
  }
}
