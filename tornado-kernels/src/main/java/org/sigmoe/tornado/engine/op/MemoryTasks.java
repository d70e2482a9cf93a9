package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.MemoryKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** Tasks of {@link Concat}, its gradient and {@link org.sigmoe.nn.graph.op.ShiftMemory}. */
final class MemoryTasks {
  private MemoryTasks() {}

  static void concat(Node node, Lowering to) {
    Value a = node.operand(0);
    Value b = node.operand(1);
    Value joined = node.result(0);
    if (to.roundedUses().onlyRounded(joined)) {
      Bf16Matrix rounded = to.producedRounded(joined);
      round(a, joined, 0, rounded, to);
      round(b, joined, a.shape().size(1), rounded, to);
      return;
    }
    copy("concat", a, 0, joined, 0, width(a), to);
    copy("concat", b, 0, joined, width(a), width(b), to);
  }

  /**
   * Rounds the rows of {@code part} to where they are among the rows of {@code joined}, unless its
   * producer has done so.
   */
  private static void round(
      Value part, Value joined, int firstRow, Bf16Matrix rounded, Lowering to) {
    if (to.roundedUses().part(part) != null) {
      return;
    }
    FloatArray source = to.floats(part);
    int batch = part.shape().size(0);
    int rows = part.shape().size(1);
    int columns = part.shape().columns();
    to.task(
        "concatRounded",
        LaunchShapes.elements(batch * rows * rounded.pitch() / 2),
        id ->
            new TaskPackage(
                id,
                MemoryKernels::roundSlices,
                to.context(),
                source,
                batch,
                rows,
                columns,
                joined.shape().size(1),
                firstRow,
                rounded.pitch(),
                rounded.array().pairs()));
  }

  static void split(Node node, Lowering to) {
    Value joined = node.operand(0);
    Value a = node.result(0);
    Value b = node.result(1);
    copy("split", joined, 0, a, 0, width(a), to);
    copy("split", joined, width(a), b, 0, width(b), to);
  }

  static void shiftMemory(Node node, Lowering to) {
    FloatArray memory = to.floats(node.operand(0));
    FloatArray x = to.floats(node.operand(1));
    int batch = node.operand(0).shape().size(0);
    int memoryWidth = width(node.operand(0));
    int segmentWidth = width(node.operand(1));
    to.task(
        "shiftMemory",
        LaunchShapes.elements(batch * Math.min(memoryWidth, segmentWidth)),
        id ->
            new TaskPackage(
                id,
                MemoryKernels::shift,
                to.context(),
                memory,
                x,
                batch,
                memoryWidth,
                segmentWidth));
  }

  private static void copy(
      String name,
      Value source,
      int sourceOffset,
      Value target,
      int targetOffset,
      int width,
      Lowering to) {
    FloatArray from = to.floats(source);
    FloatArray into = to.floats(target);
    int batch = source.shape().size(0);
    to.task(
        name,
        LaunchShapes.elements(batch * width),
        id ->
            new TaskPackage(
                id,
                MemoryKernels::copySlices,
                to.context(),
                from,
                batch,
                width,
                width(source),
                sourceOffset,
                width(target),
                targetOffset,
                into));
  }

  /** Elements of a batch row of a tensor [batch, time, columns]. */
  private static int width(Value value) {
    return Elements.of(value) / value.shape().size(0);
  }
}
