package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.Sinkhorn;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.SinkhornKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Tasks of {@link Sinkhorn}: three for each iteration and one. */
final class SinkhornTasks {
  private SinkhornTasks() {}

  static void sinkhorn(Sinkhorn op, Node node, Lowering to) {
    FloatArray x = to.floats(node.operand(0));
    FloatArray y = to.floats(node.result(0));
    int rows = node.result(0).shape().rows();
    int columns = node.result(0).shape().columns();
    int rowsOfPart = rows / op.groups();
    float sign =
        switch (op.form()) {
          case CORRECT -> 1f;
          case PAPER_CODE -> -1f;
        };
    ColumnLogSumExpTasks columnTerms =
        new ColumnLogSumExpTasks(
            op.groups(), rowsOfPart, columns, sign, (float) Math.log(columns), -1f);
    FloatArray rowTerm = to.scratch(rows);
    FloatArray columnTerm = to.scratch(op.groups(), columns);
    FloatArray sums = columnTerms.scratch(to);
    for (int iteration = 0; iteration < op.iterations(); iteration++) {
      rowTerms(x, columnTerm, iteration == 0 ? 0f : sign, rows, rowsOfPart, columns, rowTerm, to);
      columnTerms.add(x, rowTerm, sums, columnTerm, to);
    }
    to.task(
        "sinkhornSum",
        LaunchShapes.elements(rows * columns),
        id ->
            new TaskPackage(
                id,
                SinkhornKernels::sum,
                to.context(),
                x,
                rowTerm,
                columnTerm,
                rows * columns,
                rowsOfPart,
                columns,
                y));
  }

  private static void rowTerms(
      FloatArray x,
      FloatArray columnTerm,
      float sign,
      int rows,
      int rowsOfPart,
      int columns,
      FloatArray rowTerm,
      Lowering to) {
    to.task(
        "sinkhornRowTerms",
        LaunchShapes.rows(rows, columns),
        id ->
            new TaskPackage(
                id,
                SinkhornKernels::rowTerms,
                to.context(),
                x,
                columnTerm,
                sign,
                (float) Math.log(rowsOfPart),
                rows,
                rowsOfPart,
                columns,
                rowTerm));
  }
}
