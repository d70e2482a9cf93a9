package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.tornado.engine.op.AttentionChunks.Chunk;
import org.sigmoe.tornado.engine.op.AttentionHeads.Parts;
import org.sigmoe.tornado.engine.op.RelativeAttentionTasks.Operands;
import org.sigmoe.tornado.kernel.AttentionSoftmaxKernels;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.RoundingKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * {@link RelativeAttention} and its gradient as batched products of operands that are rounded to
 * bf16, and a softmax between them. Scores lie in scratch memory, those of a chunk at a time.
 */
final class RoundedAttentionTasks {
  private final RelativeAttention.Sizes sizes;
  private final Operands in;
  private final Lowering to;
  private final BatchedProducts batched;
  private final AttentionHeads heads;
  private final AttentionProducts products;
  private final int pitch;

  private RoundedAttentionTasks(Node node, Lowering to) {
    this.sizes = RelativeAttention.sizes(node);
    this.in = Operands.of(node, to);
    this.to = to;
    this.batched = to.batchedProducts();
    this.heads = new AttentionHeads(sizes, to);
    this.products = new AttentionProducts(sizes, batched);
    this.pitch = RoundingKernels.pitch(sizes.keys());
  }

  static void forward(Node node, Lowering to) {
    new RoundedAttentionTasks(node, to)
        .forward(to.floats(node.result(0)), to.floats(node.result(1)));
  }

  static void gradient(Node node, Lowering to) {
    new RoundedAttentionTasks(node, to).gradient(node);
  }

  private void forward(FloatArray y, FloatArray lse) {
    AttentionChunks chunks = chunks(2 * Float.BYTES + Short.BYTES);
    FloatArray content = scores(chunks);
    FloatArray position = scores(chunks);
    Bf16Matrix weights = roundedScores(chunks);
    FloatArray results = heads.resultScratch();
    AttentionHeads.Queries queries = heads.queries(in.q(), in.u(), in.v());
    Bf16Matrix keys = heads.keys(in.kv(), Parts.RIGHT);
    Bf16Matrix values = heads.values(in.kv(), Parts.ROUNDED);
    Bf16Matrix positions = heads.positions(in.r(), Parts.RIGHT);
    for (Chunk chunk : chunks.all()) {
      products.queriesTimesKeys(chunk, queries.withU(), keys, content);
      products.queriesTimesPositions(chunk, queries.withV(), positions, position);
      weights(chunk, content, position, weights, lse);
      products.scoresTimesKeys(chunk, products.adjacent(weights), values, 1, results);
    }
    heads.toResults(results, y);
  }

  private void gradient(Node node) {
    FloatArray lse = to.floats(node.operand(8));
    AttentionChunks chunks = chunks(3 * (Float.BYTES + Short.BYTES));
    Scores scores =
        new Scores(
            scores(chunks),
            scores(chunks),
            scores(chunks),
            roundedScores(chunks),
            roundedScores(chunks),
            roundedScores(chunks));
    AttentionHeads.Gradient dqContent = heads.queryScratch(node.result(0));
    AttentionHeads.Gradient dqPosition = heads.queryScratch(node.result(0));
    AttentionHeads.Gradient dkv = heads.keyScratch(node.result(1));
    int parts = sizes.batch() / chunks.batchOfSum();
    FloatArray dr = heads.positionScratch(parts);
    FloatArray dscale = to.scratch(groupsOfAll(chunks));
    AttentionHeads.Queries queries = heads.queries(in.q(), in.u(), in.v());
    Bf16Matrix keys = heads.keys(in.kv(), Parts.RIGHT);
    Bf16Matrix values = heads.values(in.kv(), Parts.RIGHT);
    Bf16Matrix positions = heads.positions(in.r(), Parts.RIGHT);
    Bf16Matrix dy = heads.results(to.floats(node.operand(9)), Parts.LEFT);
    int groups = 0;
    for (Chunk chunk : chunks.all()) {
      products.queriesTimesKeys(chunk, queries.withU(), keys, scores.content);
      products.queriesTimesPositions(chunk, queries.withV(), positions, scores.position);
      products.queriesTimesKeys(chunk, dy, values, scores.dweights);
      weightsGradient(chunk, scores, lse, dscale, groups);
      groups += groups(chunk);
      products.scoresTimesQueries(
          chunk, products.adjacent(scores.weights), dy, dkv.array(), heads.values());
      products.scoresTimesQueries(
          chunk, products.adjacent(scores.dcontent), queries.withU(), dkv.array(), 0);
      products.scoresTimesKeys(
          chunk, products.adjacent(scores.dcontent), keys, 2, dqContent.array());
      products.scoresTimesPositions(chunk, scores.dposition, positions, dqPosition.array());
      products.positionSums(chunk, scores.dposition, queries.withV(), chunks.batchOfSum(), dr);
    }
    heads.toQueries(
        dqContent,
        dqPosition,
        sizes.headSize(),
        node.result(0),
        to.floats(node.result(3)),
        to.floats(node.result(4)));
    heads.toKeys(dkv, node.result(1));
    heads.toPositions(dr, parts, to.floats(node.result(2)));
    ReductionTasks.sum(dscale, groups, to.floats(node.result(5)), to);
  }

  /** What the gradient has of the size of scores. */
  private record Scores(
      FloatArray content,
      FloatArray position,
      FloatArray dweights,
      Bf16Matrix weights,
      Bf16Matrix dcontent,
      Bf16Matrix dposition) {}

  private void weightsGradient(
      Chunk chunk, Scores scores, FloatArray lse, FloatArray dscale, int firstPart) {
    to.task(
        "attentionWeightsGradient",
        AttentionSoftmaxKernels.threads(rows(chunk), sizes.keys()),
        id ->
            new TaskPackage(
                id,
                AttentionSoftmaxKernels::gradient,
                to.context(),
                scores.content,
                scores.position,
                scores.dweights,
                in.scale(),
                in.length(),
                lse,
                scores.weights.array().shorts(),
                scores.dcontent.array().shorts(),
                scores.dposition.array().shorts(),
                dscale,
                firstPart,
                chunk.first(),
                rows(chunk),
                sizes.batch(),
                sizes.heads(),
                sizes.context(),
                sizes.keys(),
                pitch,
                sizes.reach()));
  }

  private void weights(
      Chunk chunk, FloatArray content, FloatArray position, Bf16Matrix weights, FloatArray lse) {
    to.task(
        "attentionWeights",
        AttentionSoftmaxKernels.threads(rows(chunk), sizes.keys()),
        id ->
            new TaskPackage(
                id,
                AttentionSoftmaxKernels::weights,
                to.context(),
                content,
                position,
                in.scale(),
                in.length(),
                weights.array().shorts(),
                lse,
                chunk.first(),
                rows(chunk),
                sizes.batch(),
                sizes.heads(),
                sizes.context(),
                sizes.keys(),
                pitch,
                sizes.reach()));
  }

  private AttentionChunks chunks(int bytesOfScore) {
    long bytesOfMatrix = (long) sizes.context() * pitch * bytesOfScore;
    return AttentionChunks.of(sizes.batch(), sizes.heads(), bytesOfMatrix, batched.scratchBytes());
  }

  private FloatArray scores(AttentionChunks chunks) {
    return to.scratch(chunks.matrices() * sizes.context(), pitch);
  }

  private Bf16Matrix roundedScores(AttentionChunks chunks) {
    return new Bf16Matrix(
        to.bf16Scratch((long) chunks.matrices() * sizes.context() * pitch), pitch);
  }

  private int rows(Chunk chunk) {
    return chunk.matrices() * sizes.context();
  }

  private int groups(Chunk chunk) {
    return AttentionSoftmaxKernels.groups(rows(chunk), sizes.keys());
  }

  private int groupsOfAll(AttentionChunks chunks) {
    return chunks.all().stream().mapToInt(this::groups).sum();
  }
}
