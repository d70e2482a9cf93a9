package org.sigmoe.tornado.engine.op;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.tornado.kernel.AttentionHeadKernels;
import org.sigmoe.tornado.kernel.AttentionOperandKernels;
import org.sigmoe.tornado.kernel.Bf16Array;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.ReductionKernels;
import org.sigmoe.tornado.kernel.RoundedHeadKernels;
import org.sigmoe.tornado.kernel.RoundingKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
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

  /**
   * Queries rounded.
   *
   * @param width elements from one row of q to the next
   */
  Queries roundedQueries(FloatArray q, int width, FloatArray u, FloatArray v) {
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
                width,
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

  /** A gradient by heads: in f32, or in bf16 if it is read rounded alone. */
  record Gradient(@Nullable FloatArray exact, @Nullable Bf16Array rounded) {
    /** For a product to write. */
    TornadoNativeArray array() {
      return rounded == null ? Objects.requireNonNull(exact) : rounded.shorts();
    }
  }

  /** Scratch memory for a summand of the gradient for queries, in two parts. */
  Gradient queryScratch(Value result) {
    return gradient(heads * AttentionHeadKernels.pitch(size, 2), queries, result);
  }

  /** Scratch memory for the gradients for keys and, {@link #values} further, for values. */
  Gradient keyScratch(Value result) {
    return gradient(2 * heads * pitch, keys, result);
  }

  /** Elements of {@link #keyScratch} before the gradients for values. */
  int values() {
    return Math.multiplyExact(heads * pitch, keys);
  }

  private Gradient gradient(int columns, int rows, Value result) {
    return to.roundedUses().onlyRounded(result)
        ? new Gradient(null, to.bf16Scratch((long) columns * rows))
        : new Gradient(to.scratch(columns, rows), null);
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
   * @param byHeads of {@link #keyScratch}
   */
  void toKeys(Gradient byHeads, Value result) {
    if (byHeads.rounded != null) {
      Bf16Matrix dkv = to.producedRounded(result);
      LongArray quads = byHeads.rounded.quads();
      task(
          "attentionRoundedKeysFromHeads",
          keys * dkv.pitch() / 4,
          id ->
              new TaskPackage(
                  id,
                  RoundedHeadKernels::keys,
                  to.context(),
                  quads,
                  keys,
                  heads,
                  size,
                  pitch,
                  dkv.pitch(),
                  dkv.array().quads()));
    } else {
      FloatArray dkv = to.floats(result);
      task(
          "attentionKeysFromHeads",
          keys * heads * size,
          id ->
              new TaskPackage(
                  id,
                  AttentionHeadKernels::keysFromHeads,
                  to.context(),
                  byHeads.exact,
                  keys,
                  heads,
                  size,
                  pitch,
                  dkv));
    }
  }

  /**
   * dq, du and dv from the gradients by content and by position.
   *
   * @param content of {@link #queryScratch}, two parts as keys had them, and so is position
   * @param secondPart columns before the second part
   */
  void toQueries(
      Gradient content,
      Gradient position,
      int secondPart,
      Value result,
      FloatArray du,
      FloatArray dv) {
    int rowsPerChunk =
        content.rounded != null
            ? RoundedHeadKernels.rowsPerChunk(queries)
            : ReductionKernels.rowsPerChunk(queries);
    int chunks = Math.ceilDiv(queries, rowsPerChunk);
    FloatArray duParts = to.scratch(chunks, heads * size);
    FloatArray dvParts = to.scratch(chunks, heads * size);
    int pitchOfParts = AttentionHeadKernels.pitch(size, 2);
    if (content.rounded != null && position.rounded != null) {
      Bf16Matrix dq = to.producedRounded(result);
      LongArray byContent = content.rounded.quads();
      LongArray byPosition = position.rounded.quads();
      to.task(
          "attentionRoundedQueriesFromHeads",
          RoundedHeadKernels.queryThreads(dq.pitch(), chunks),
          id ->
              new TaskPackage(
                  id,
                  RoundedHeadKernels::queries,
                  to.context(),
                  byContent,
                  byPosition,
                  queries,
                  heads,
                  size,
                  pitchOfParts,
                  secondPart,
                  rowsPerChunk,
                  dq.pitch(),
                  dq.array().quads(),
                  duParts,
                  dvParts));
    } else {
      FloatArray dq = to.floats(result);
      to.task(
          "attentionQueriesFromHeads",
          AttentionHeadKernels.queriesFromHeadsThreads(heads, size, chunks),
          id ->
              new TaskPackage(
                  id,
                  AttentionHeadKernels::queriesFromHeads,
                  to.context(),
                  content.exact,
                  position.exact,
                  queries,
                  heads,
                  size,
                  pitchOfParts,
                  secondPart,
                  rowsPerChunk,
                  dq,
                  duParts,
                  dvParts));
    }
    ReductionTasks.sumsOfChunks(duParts, dvParts, chunks, heads * size, du, dv, to);
  }

  private void task(String name, int elements, Function<String, TaskPackage> task) {
    to.task(name, LaunchShapes.elements(elements), task);
  }
}
