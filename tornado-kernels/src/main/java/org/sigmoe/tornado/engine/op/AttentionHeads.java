package org.sigmoe.tornado.engine.op;

import java.util.function.Function;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.tornado.kernel.AttentionHeadKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.ReductionKernels;
import org.sigmoe.tornado.kernel.RoundingKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The operands of an attention as matrices of single heads, and results from such matrices, as
 * {@link AttentionProducts} has them.
 */
final class AttentionHeads {
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
  record Queries(ShortArray withU, ShortArray withV) {}

  Queries queries(FloatArray q, FloatArray u, FloatArray v) {
    ShortArray withU = rounded(queries);
    ShortArray withV = rounded(queries);
    task(
        "attentionQueriesToHeads",
        heads * queries * pitch,
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
                pitch,
                withU,
                withV));
    return new Queries(withU, withV);
  }

  /** The two halves of kv. */
  record Keys(ShortArray keys, ShortArray values) {}

  Keys keys(FloatArray kv) {
    ShortArray k = rounded(keys);
    ShortArray values = rounded(keys);
    task(
        "attentionKeysToHeads",
        heads * keys * pitch,
        id ->
            new TaskPackage(
                id,
                AttentionHeadKernels::keysToHeads,
                to.context(),
                kv,
                keys,
                heads,
                size,
                pitch,
                k,
                values));
    return new Keys(k, values);
  }

  ShortArray positions(FloatArray r) {
    return toHeads(r, positions);
  }

  ShortArray results(FloatArray dy) {
    return toHeads(dy, queries);
  }

  private ShortArray toHeads(FloatArray x, int rows) {
    ShortArray y = rounded(rows);
    task(
        "attentionToHeads",
        heads * rows * pitch,
        id ->
            new TaskPackage(
                id, AttentionHeadKernels::toHeads, to.context(), x, rows, heads, size, pitch, y));
    return y;
  }

  private ShortArray rounded(int rows) {
    return to.roundedScratch(Math.multiplyExact(heads * pitch, rows));
  }

  FloatArray queryScratch() {
    return to.scratch(heads * pitch, queries);
  }

  FloatArray keyScratch() {
    return to.scratch(heads * pitch, keys);
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

  void toKeys(FloatArray dk, FloatArray dvalue, FloatArray dkv) {
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

  /** dq, du and dv from the gradients by content and by position. */
  void toQueries(
      FloatArray content, FloatArray position, FloatArray dq, FloatArray du, FloatArray dv) {
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
                queries,
                heads,
                size,
                pitch,
                rowsPerChunk,
                dq,
                duParts,
                dvParts));
    ReductionTasks.sumOfChunks(duParts, chunks, heads * size, du, to);
    ReductionTasks.sumOfChunks(dvParts, chunks, heads * size, dv, to);
  }

  private void task(String name, int elements, Function<String, TaskPackage> task) {
    to.task(name, LaunchShapes.elements(elements), task);
  }
}
