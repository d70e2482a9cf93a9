package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.engine.op.AttentionChunks.Chunk;
import org.sigmoe.tornado.engine.op.AttentionProducts.Scores;
import org.sigmoe.tornado.engine.op.RelativeAttentionTasks.Operands;
import org.sigmoe.tornado.kernel.AttentionGradientMmaKernels;
import org.sigmoe.tornado.kernel.AttentionMmaKernels;
import org.sigmoe.tornado.kernel.AttentionOperandKernels;
import org.sigmoe.tornado.kernel.Bf16Array;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.RoundingKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/**
 * {@link RelativeAttention} and its gradient by kernels for tensor cores that compute scores, of
 * operands rounded to 16 bits, where no other kernel sees them. Keys and values are kept for the
 * gradient as the kernels read them, and not in f32. The gradient's weights and gradients for
 * scores go to batched products by way of scratch memory, rounded to bf16, those of a chunk at a
 * time.
 */
final class FusedAttentionTasks {
  private final RelativeAttention.Sizes sizes;
  private final Operands in;
  private final Lowering to;

  /** Elements from one row of queries, and of gradients for results, to the next. */
  private final int width;

  /** Elements from one row of keys and values to the next. */
  private final int keysWidth;

  private FusedAttentionTasks(Node node, Lowering to) {
    this.sizes = RelativeAttention.sizes(node);
    this.in = Operands.of(node, to);
    this.to = to;
    this.width = to.rowPlaces().rows(node.operand(0)).pitch();
    this.keysWidth = to.rowPlaces().rows(node.operand(1)).pitch();
  }

  /** Whether there are such kernels for a node. */
  static boolean possible(Node node, Lowering to) {
    return to.backend() == Backend.CUDA && fits(node);
  }

  /** Whether heads are small enough, which the gradient's are where its forward pass's are. */
  static boolean fits(Node node) {
    return AttentionMmaKernels.fits(RelativeAttention.sizes(node).headSize());
  }

  static void forward(Node node, Lowering to) {
    new FusedAttentionTasks(node, to).forward(node);
  }

  static void gradient(Node node, Lowering to) {
    new FusedAttentionTasks(node, to).gradient(node);
  }

  private void forward(Node node) {
    FloatArray y = to.floats(node.result(0));
    FloatArray lse = to.floats(node.result(1));
    int rows = Math.multiplyExact(sizes.batch(), sizes.keys());
    LongArray headValues = to.bf16Scratch(2 * 4L * quads(rows)).quads();
    LongArray headKeys = keys(node, headValues);
    LongArray positions = positions();
    to.task(
        "attention",
        AttentionMmaKernels.threads(sizes.batch(), sizes.heads(), sizes.context()),
        id ->
            new TaskPackage(
                id,
                AttentionMmaKernels::forward,
                to.context(),
                in.q(),
                in.u(),
                in.v(),
                headKeys,
                headValues,
                positions,
                in.scale(),
                in.length(),
                y,
                lse,
                sizes.batch(),
                width,
                sizes.context(),
                sizes.keys(),
                sizes.headSize(),
                sizes.reach()));
  }

  private void gradient(Node node) {
    FloatArray dy = to.floats(node.operand(9));
    AttentionHeads heads = new AttentionHeads(sizes, to);
    Bf16Matrix dyByHeads = heads.roundedResults();
    FloatArray terms =
        queryTerms(to.floats(node.operand(7)), to.floats(node.operand(8)), dy, dyByHeads);
    BatchedProducts batched = to.batchedProducts();
    AttentionProducts products = new AttentionProducts(sizes, batched);
    int pitch = RoundingKernels.pitch(sizes.keys());
    int matrixElements = Math.multiplyExact(sizes.context(), pitch);
    AttentionChunks chunks =
        AttentionChunks.of(
            sizes.batch(),
            sizes.heads(),
            3L * Short.BYTES * matrixElements,
            batched.scratchBytes());
    Bf16Array ofContent = to.bf16Scratch(2L * chunks.matrices() * matrixElements);
    Bf16Array ofPositions = to.bf16Scratch((long) chunks.matrices() * matrixElements);
    Scores weights = new Scores(new Bf16Matrix(ofContent, pitch), 0, 2 * matrixElements);
    Scores dcontent =
        new Scores(new Bf16Matrix(ofContent, pitch), matrixElements, 2 * matrixElements);
    Bf16Matrix dposition = new Bf16Matrix(ofPositions, pitch);
    AttentionHeads.Gradient dqContent = heads.queryScratch(node.result(0));
    AttentionHeads.Gradient dqPosition = heads.queryScratch(node.result(0));
    AttentionHeads.Gradient dkv = heads.keyScratch(node.result(1));
    int parts = sizes.batch() / chunks.batchOfSum();
    FloatArray dr = heads.positionScratch(parts);
    int groups = AttentionGradientMmaKernels.groups(sizes.batch() * sizes.heads(), sizes.context());
    FloatArray dscale = to.scratch(groups);
    AttentionHeads.Queries queries = heads.roundedQueries(in.q(), width, in.u(), in.v());
    Bf16Array headKeys = to.kept(node.operand(8));
    LongArray positions = positions();
    Bf16Matrix keysByHeads = heads.partsOfKeys(headKeys.quads());
    Bf16Matrix positionsByHeads = heads.partsOfPositions(positions);
    for (Chunk chunk : chunks.all()) {
      scoresGradient(chunk, dy, headKeys.quads(), positions, terms, ofContent, ofPositions, dscale);
      products.scoresTimesQueries(chunk, weights, dyByHeads, dkv.array(), heads.values());
      products.scoresTimesQueries(chunk, dcontent, queries.withU(), dkv.array(), 0);
      products.scoresTimesKeys(chunk, dcontent, keysByHeads, 2, dqContent.array());
      products.scoresTimesPositions(chunk, dposition, positionsByHeads, dqPosition.array());
      products.positionSums(chunk, dposition, queries.withV(), chunks.batchOfSum(), dr);
    }
    heads.toQueries(
        dqContent,
        dqPosition,
        keysByHeads.pitch() / 2,
        node.result(0),
        to.floats(node.result(3)),
        to.floats(node.result(4)));
    heads.toKeys(dkv, node.result(1));
    heads.toPositions(dr, parts, to.floats(node.result(2)));
    ReductionTasks.sum(dscale, groups, to.floats(node.result(5)), to);
  }

  private void scoresGradient(
      Chunk chunk,
      FloatArray dy,
      LongArray headKeys,
      LongArray positions,
      FloatArray terms,
      Bf16Array ofContent,
      Bf16Array ofPositions,
      FloatArray dscale) {
    to.task(
        "attentionScoresGradient",
        AttentionGradientMmaKernels.threads(chunk.matrices(), sizes.context()),
        id ->
            new TaskPackage(
                id,
                AttentionGradientMmaKernels::gradient,
                to.context(),
                in.q(),
                in.u(),
                in.v(),
                dy,
                headKeys,
                positions,
                terms,
                in.scale(),
                in.length(),
                ofContent.quads(),
                ofPositions.shorts(),
                dscale,
                chunk.first(),
                sizes.batch(),
                width,
                sizes.context(),
                sizes.keys(),
                sizes.headSize(),
                sizes.reach()));
  }

  /**
   * Of each query the log-sum-exp of its scores and the product of its result and the gradient.
   *
   * @param dyByHeads the gradient is written there
   */
  private FloatArray queryTerms(FloatArray y, FloatArray lse, FloatArray dy, Bf16Matrix dyByHeads) {
    int rows = Math.multiplyExact(sizes.batch(), sizes.context());
    FloatArray terms = to.scratch(2, Math.multiplyExact(rows, sizes.heads()));
    to.task(
        "attentionQueryTerms",
        AttentionOperandKernels.queryThreads(rows, sizes.heads()),
        id ->
            new TaskPackage(
                id,
                AttentionOperandKernels::queryTerms,
                to.context(),
                y,
                lse,
                dy,
                rows,
                sizes.context(),
                width,
                sizes.headSize(),
                dyByHeads.pitch(),
                terms,
                dyByHeads.array().shorts()));
    return terms;
  }

  /**
   * The task that brings keys and values to heads.
   *
   * @param headValues the values' parts
   * @return keys, which are kept together with values if there will be a gradient
   */
  private LongArray keys(Node node, LongArray headValues) {
    boolean both = to.isRead(node.result(1));
    int rows = Math.multiplyExact(sizes.batch(), sizes.keys());
    long elements = 4L * quads(rows);
    Bf16Array headKeys = both ? to.keep(node.result(1), 2 * elements) : to.bf16Scratch(elements);
    to.task(
        "attentionKeys",
        LaunchShapes.elements(quads(2 * rows)),
        id ->
            new TaskPackage(
                id,
                AttentionOperandKernels::keys,
                to.context(),
                in.kv(),
                rows,
                keysWidth,
                sizes.heads(),
                sizes.headSize(),
                both ? 1 : 0,
                headKeys.quads(),
                headValues));
    return headKeys.quads();
  }

  private LongArray positions() {
    int quads = quads(sizes.keys());
    LongArray y = to.bf16Scratch(4L * quads).quads();
    to.task(
        "attentionPositions",
        LaunchShapes.elements(quads),
        id ->
            new TaskPackage(
                id,
                AttentionOperandKernels::positions,
                to.context(),
                in.r(),
                sizes.keys(),
                sizes.heads(),
                sizes.headSize(),
                y));
    return y;
  }

  /** Groups of four elements in so many rows of all heads. */
  private int quads(int rows) {
    return Math.multiplyExact(
        Math.multiplyExact(sizes.heads(), rows), AttentionOperandKernels.quads(sizes.headSize()));
  }
}
