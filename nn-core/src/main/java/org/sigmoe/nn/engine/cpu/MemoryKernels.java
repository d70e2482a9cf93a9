package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.ShiftMemory;

/** The kernels that move time slices between the memory of a layer and its input. */
final class MemoryKernels {
  private MemoryKernels() {}

  /** {@link Concat}. */
  static void concat(Node node, Compiler compiler) {
    Value first = node.operand(0);
    Value second = node.operand(1);
    Rows whole = new Rows(node.result(0), 0);
    copy(new Rows(first, 0), whole, first.shape(), compiler);
    copy(new Rows(second, 0), whole.from(first.shape().size(1)), second.shape(), compiler);
  }

  /** {@link Concat.Gradient}. */
  static void split(Concat.Gradient op, Node node, Compiler compiler) {
    Rows whole = new Rows(node.operand(0), 0);
    Value first = node.result(0);
    Value second = node.result(1);
    copy(whole, new Rows(first, 0), first.shape(), compiler);
    copy(whole.from(op.first()), new Rows(second, 0), second.shape(), compiler);
  }

  /** {@link ShiftMemory}. */
  static void shiftMemory(Node node, Compiler compiler) {
    Rows memory = new Rows(node.operand(0), 0);
    Rows x = new Rows(node.operand(1), 0);
    Shape newest = node.operand(1).shape();
    int length = node.operand(0).shape().size(1);
    int context = newest.size(1);
    if (length <= context) {
      copy(x.from(context - length), memory, node.operand(0).shape(), compiler);
      return;
    }
    Shape kept = node.operand(0).shape().withSize(1, length - context);
    copy(memory.from(context), memory, kept, compiler);
    copy(x, memory.from(length - context), newest, compiler);
  }

  /** The rows of a value of shape [B, rows, C] from one on. */
  private record Rows(Value value, int first) {

    Rows from(int first) {
      return new Rows(value, first);
    }

    TimeSliceKernel.Rows in(Compiler compiler) {
      return new TimeSliceKernel.Rows(compiler.at(value), value.shape().size(1), first);
    }
  }

  /** Copies as many rows as a part of shape [B, rows, C] has. */
  private static void copy(Rows source, Rows target, Shape part, Compiler compiler) {
    compiler.add(
        new TimeSliceKernel(
            part.size(0), part.size(2), source.in(compiler), target.in(compiler), part.size(1)));
  }
}
