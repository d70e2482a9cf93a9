package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Embedding;
import org.sigmoe.tornado.kernel.EmbeddingKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Tasks of {@link Embedding} and its gradient. */
final class EmbeddingTasks {
  private EmbeddingTasks() {}

  static void embedding(Node node, Lowering to) {
    FloatArray table = to.floats(node.operand(0));
    IntArray tokens = to.ints(node.operand(1));
    FloatArray y = to.floats(node.result(0));
    int elements = Elements.of(node.result(0));
    int columns = node.result(0).shape().columns();
    to.task(
        "embedding",
        LaunchShapes.elements(elements),
        id ->
            new TaskPackage(
                id, EmbeddingKernels::forward, to.context(), table, tokens, elements, columns, y));
  }

  static void gradient(Embedding.Gradient op, Node node, Lowering to) {
    int positions = Elements.of(node.operand(1));
    IntArray sortedTokens = to.intScratch(positions);
    IntArray sortedPositions = to.intScratch(positions);
    sort(to.ints(node.operand(1)), positions, sortedTokens, sortedPositions, to);

    int vocabulary = op.vocabulary();
    IntArray starts = to.intScratch(vocabulary + 1);
    to.task(
        "findBounds",
        LaunchShapes.elements(vocabulary + 1),
        id ->
            new TaskPackage(
                id,
                EmbeddingKernels::findBounds,
                to.context(),
                sortedTokens,
                positions,
                vocabulary,
                starts));

    FloatArray dy = to.floats(node.operand(0));
    FloatArray dtable = to.floats(node.result(0));
    int columns = node.result(0).shape().columns();
    int width = EmbeddingKernels.sumWidth(positions, vocabulary);
    to.task(
        "sumPositions",
        EmbeddingKernels.sumShape(vocabulary, columns, width),
        id ->
            new TaskPackage(
                id,
                EmbeddingKernels::sumPositions,
                to.context(),
                dy,
                sortedPositions,
                starts,
                columns,
                width,
                dtable));
  }

  private static void sort(
      IntArray tokens,
      int positions,
      IntArray sortedTokens,
      IntArray sortedPositions,
      Lowering to) {
    int positionsPerPart = EmbeddingKernels.positionsPerPart(positions);
    int parts = Math.ceilDiv(positions, positionsPerPart);
    IntArray counts = to.intScratch(parts, positions);
    to.task(
        "countBefore",
        EmbeddingKernels.countShape(positions, parts),
        id ->
            new TaskPackage(
                id,
                EmbeddingKernels::countBefore,
                to.context(),
                tokens,
                positions,
                positionsPerPart,
                counts));
    to.task(
        "sortPositions",
        LaunchShapes.elements(positions),
        id ->
            new TaskPackage(
                id,
                EmbeddingKernels::sortPositions,
                to.context(),
                tokens,
                counts,
                positions,
                parts,
                sortedTokens,
                sortedPositions));
  }
}
