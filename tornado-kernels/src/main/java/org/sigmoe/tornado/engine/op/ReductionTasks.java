package org.sigmoe.tornado.engine.op;

import java.util.List;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.ReductionKernels;
import org.sigmoe.tornado.kernel.SquareSumKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Tasks of {@link org.sigmoe.nn.graph.op.SumRows}, {@link org.sigmoe.nn.graph.op.ColumnNorms},
 * {@link org.sigmoe.nn.graph.op.Mean}, its gradient and {@link
 * org.sigmoe.nn.graph.op.AddSquaredNorm}.
 */
final class ReductionTasks {
  private ReductionTasks() {}

  static void sumRows(Node node, Lowering to) {
    Shape shape = node.operand(0).shape();
    int rowsPerChunk = ReductionKernels.rowsPerChunk(shape.rows());
    int chunks = Math.ceilDiv(shape.rows(), rowsPerChunk);
    FloatArray result = to.floats(node.result(0));
    FloatArray sums = chunks == 1 ? result : to.scratch(chunks, shape.columns());
    if (to.roundedUses().of(node).isEmpty()) {
      FloatArray x = to.floats(node.operand(0));
      sumRows(x, shape.rows(), shape.columns(), rowsPerChunk, sums, to);
    } else {
      sumRounded(to.rounded(node.operand(0)), shape, rowsPerChunk, sums, to);
    }
    if (chunks > 1) {
      sumRows(sums, chunks, shape.columns(), chunks, result, to);
    }
  }

  private static void sumRounded(
      Bf16Matrix x, Shape shape, int rowsPerChunk, FloatArray sums, Lowering to) {
    to.task(
        "sumRoundedRows",
        LaunchShapes.columns(
            Math.ceilDiv(shape.columns(), 2), Math.ceilDiv(shape.rows(), rowsPerChunk)),
        id ->
            new TaskPackage(
                id,
                ReductionKernels::sumRoundedRows,
                to.context(),
                x.array().pairs(),
                x.pitch() / 2,
                shape.rows(),
                shape.columns(),
                rowsPerChunk,
                sums));
  }

  /** The second stage of two sums over rows: from the sums of chunks [chunks, columns] of each. */
  static void sumsOfChunks(
      FloatArray first,
      FloatArray second,
      int chunks,
      int columns,
      FloatArray ofFirst,
      FloatArray ofSecond,
      Lowering to) {
    to.task(
        "sumRowsOfTwo",
        LaunchShapes.columns(columns, 2),
        id ->
            new TaskPackage(
                id,
                ReductionKernels::sumRowsOfTwo,
                to.context(),
                first,
                second,
                chunks,
                columns,
                ofFirst,
                ofSecond));
  }

  private static void sumRows(
      FloatArray x, int rows, int columns, int rowsPerChunk, FloatArray sums, Lowering to) {
    to.task(
        "sumRows",
        LaunchShapes.columns(columns, Math.ceilDiv(rows, rowsPerChunk)),
        id ->
            new TaskPackage(
                id, ReductionKernels::sumRows, to.context(), x, rows, columns, rowsPerChunk, sums));
  }

  static void columnNorms(Node node, Lowering to) {
    Shape shape = node.operand(0).shape();
    int rows = shape.rows();
    int columns = shape.columns();
    int rowsPerChunk = ReductionKernels.rowsPerChunk(rows);
    int chunks = Math.ceilDiv(rows, rowsPerChunk);
    FloatArray x = to.floats(node.operand(0));
    FloatArray result = to.floats(node.result(0));
    FloatArray sums = to.scratch(chunks, columns);
    to.task(
        "sumSquaresOfRows",
        LaunchShapes.columns(columns, chunks),
        id ->
            new TaskPackage(
                id,
                ReductionKernels::sumSquaresOfRows,
                to.context(),
                x,
                rows,
                columns,
                rowsPerChunk,
                sums));
    to.task(
        "rootOfChunks",
        LaunchShapes.elements(columns),
        id ->
            new TaskPackage(
                id, ReductionKernels::rootOfChunks, to.context(), sums, chunks, columns, result));
  }

  static void mean(Node node, Lowering to) {
    FloatArray x = to.floats(node.operand(0));
    FloatArray result = to.floats(node.result(0));
    int elements = Elements.of(node.operand(0));
    int groups = ReductionKernels.groups(elements);
    if (groups == 1) {
      quotient(x, elements, elements, result, to);
      return;
    }
    FloatArray sums = to.scratch(groups);
    to.task(
        "partialSums",
        LaunchShapes.groups(groups),
        id ->
            new TaskPackage(
                id, ReductionKernels::partialSums, to.context(), x, elements, groups, sums));
    quotient(sums, groups, elements, result, to);
  }

  /** result [1] = sum of x, by one group: for at most some ten thousand elements. */
  static void sum(FloatArray x, int elements, FloatArray result, Lowering to) {
    quotient(x, elements, 1, result, to);
  }

  private static void quotient(
      FloatArray x, int elements, int divisor, FloatArray result, Lowering to) {
    to.task(
        "quotient",
        LaunchShapes.groups(1),
        id ->
            new TaskPackage(
                id, ReductionKernels::quotient, to.context(), x, elements, divisor, result));
  }

  static void meanGradient(Node node, Lowering to) {
    FloatArray dy = to.floats(node.operand(0));
    FloatArray dx = to.floats(node.result(0));
    int elements = Elements.of(node.result(0));
    to.task(
        "meanGradient",
        LaunchShapes.elements(elements),
        id -> new TaskPackage(id, ReductionKernels::meanGradient, to.context(), dy, elements, dx));
  }

  static void addSquaredNorm(Node node, Lowering to) {
    List<Node> nodes = to.squaredNorms().upTo(node);
    FloatArray total = to.floats(nodes.getFirst().operand(0));
    FloatArray result = to.floats(node.result(0));
    List<Value> values = nodes.stream().map(one -> one.operand(1)).toList();
    int groups = values.stream().mapToInt(ReductionTasks::squareGroups).sum();
    if (groups == 1) {
      FloatArray x = to.floats(values.getFirst());
      int elements = Elements.of(values.getFirst());
      to.task(
          "addSquares",
          LaunchShapes.groups(1),
          id ->
              new TaskPackage(
                  id, ReductionKernels::addSquares, to.context(), total, x, elements, result));
      return;
    }
    FloatArray sums = to.scratch(groups);
    int first = 0;
    for (int from = 0; from < values.size(); from += SquareSumKernels.ARRAYS) {
      int end = Math.min(from + SquareSumKernels.ARRAYS, values.size());
      List<Value> some = values.subList(from, end);
      partialSquares(some, first, sums, to);
      first += some.stream().mapToInt(ReductionTasks::squareGroups).sum();
    }
    to.task(
        "addSum",
        LaunchShapes.groups(1),
        id ->
            new TaskPackage(
                id, ReductionKernels::addSum, to.context(), total, sums, groups, result));
  }

  private static int squareGroups(Value value) {
    return SquareSumKernels.groups(Elements.of(value));
  }

  /**
   * The sums of squares of all groups of some values.
   *
   * @param first where they go in {@code sums}
   */
  private static void partialSquares(List<Value> values, int first, FloatArray sums, Lowering to) {
    // Where there are fewer, the last one again, of which no elements are read.
    FloatArray[] x = new FloatArray[SquareSumKernels.ARRAYS];
    int[] n = new int[SquareSumKernels.ARRAYS];
    for (int i = 0; i < x.length; i++) {
      x[i] = to.floats(values.get(Math.min(i, values.size() - 1)));
      n[i] = i < values.size() ? Elements.of(values.get(i)) : 0;
    }
    to.task(
        "partialSquares",
        LaunchShapes.groups(values.stream().mapToInt(ReductionTasks::squareGroups).sum()),
        id ->
            new TaskPackage(
                id,
                SquareSumKernels::partialSquares,
                to.context(),
                x[0],
                x[1],
                x[2],
                x[3],
                x[4],
                x[5],
                x[6],
                x[7],
                n[0],
                n[1],
                n[2],
                n[3],
                n[4],
                n[5],
                n[6],
                n[7],
                first,
                sums));
  }
}
