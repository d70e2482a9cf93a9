package org.sigmoe.tornado.engine.op;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.kernel.Bf16Array;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.RoundingKernels;
import org.sigmoe.tornado.kernel.TransposingKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The operands of products, rounded to bf16. A value is rounded once a run, by a task before the
 * first product that uses it, however many do: values do not change once they are computed, and a
 * variable is updated when nobody needs its old contents. After its last product the memory of a
 * copy serves for others.
 */
public final class RoundedCopies {

  /** Where copies lie. */
  public interface Memory {

    /** An array of at least so many elements, of unknown contents. */
    Bf16Array take(long elements);

    /** The contents of an array that was taken are no longer needed. */
    void giveBack(Bf16Array array);
  }

  /**
   * A copy of a value.
   *
   * @param transposed into how many matrices below each other the value falls, each of which is
   *     transposed; 0 for its rows as they are
   */
  private record Form(Value value, int transposed) {
    static Form rows(Value value) {
      return new Form(value, 0);
    }

    /** The matrices of groups [groups, rows, columns]. */
    static Form groups(Value value, Transpose transpose) {
      return new Form(value, transpose == Transpose.YES ? value.shape().size(0) : 0);
    }
  }

  private final Memory memory;
  private final Map<Form, Integer> usesLeft = new HashMap<>();
  private final Map<Form, Bf16Matrix> copies = new HashMap<>();

  /**
   * No copies yet.
   *
   * @param schedule all nodes that will be lowered, in order
   */
  public RoundedCopies(List<Node> schedule, Memory memory) {
    this.memory = memory;
    for (Node node : schedule) {
      uses(node).forEach(form -> usesLeft.merge(form, 1, Integer::sum));
    }
  }

  /** The copies that the tasks of a node ask for. */
  private static List<Form> uses(Node node) {
    return switch (node.op()) {
      case MatMul op when MatMulChoice.chosen() == MatMulChoice.JAVA ->
          List.of(
              new Form(node.operand(0), op.transposeA() == Transpose.YES ? 1 : 0),
              new Form(node.operand(1), op.transposeB() == Transpose.YES ? 1 : 0));
      case MatMul _ -> List.of(Form.rows(node.operand(0)), Form.rows(node.operand(1)));
      case GatherMatMul op ->
          List.of(Form.rows(node.operand(0)), Form.groups(node.operand(1), op.transpose()));
      case ScatterMatMul op ->
          List.of(Form.rows(node.operand(0)), Form.groups(node.operand(1), op.transpose()));
      case GroupedOuterProduct _ -> List.of(Form.rows(node.operand(0)));
      default -> List.of();
    };
  }

  /** The rows of an operand of the current node; adds the task that makes them if it must. */
  public Bf16Matrix rows(Value value, Lowering to) {
    return copies.computeIfAbsent(Form.rows(value), _ -> round(value, to));
  }

  /**
   * The matrices of an operand of the current node, each transposed; adds the task that makes them
   * if it must.
   *
   * @param matrices that lie below each other
   */
  public Bf16Matrix transposed(Value value, int matrices, Lowering to) {
    return copies.computeIfAbsent(new Form(value, matrices), _ -> transpose(value, matrices, to));
  }

  private Bf16Matrix round(Value value, Lowering to) {
    Shape shape = value.shape();
    int rows = shape.rows();
    int columns = shape.columns();
    int pitch = RoundingKernels.pitch(columns);
    int elements = Math.multiplyExact(rows, pitch);
    FloatArray floats = to.floats(value);
    Bf16Array copy = memory.take(elements);
    to.task(
        "toBf16",
        LaunchShapes.elements(elements),
        id ->
            new TaskPackage(
                id,
                RoundingKernels::toBf16,
                to.context(),
                floats,
                rows,
                columns,
                pitch,
                copy.shorts()));
    return new Bf16Matrix(copy, pitch);
  }

  private Bf16Matrix transpose(Value value, int matrices, Lowering to) {
    int rows = value.shape().rows() / matrices;
    int columns = value.shape().columns();
    int pitch = RoundingKernels.pitch(rows);
    int elements = Math.multiplyExact(Math.multiplyExact(matrices, columns), pitch);
    FloatArray floats = to.floats(value);
    Bf16Array copy = memory.take(elements);
    to.task(
        "toBf16Transposed",
        LaunchShapes.groups(Math.multiplyExact(matrices, TransposingKernels.tiles(columns, pitch))),
        id ->
            new TaskPackage(
                id,
                TransposingKernels::matrices,
                to.context(),
                floats,
                rows,
                columns,
                pitch,
                copy.shorts()));
    return new Bf16Matrix(copy, pitch);
  }

  /** Gives back the copies that no node after {@code node}, whose tasks have been added, uses. */
  public void done(Node node) {
    uses(node).forEach(this::used);
  }

  private void used(Form form) {
    if (usesLeft.merge(form, -1, Integer::sum) == 0) {
      Bf16Matrix copy = copies.remove(form);
      if (copy != null) {
        memory.giveBack(copy.array());
      }
    }
  }
}
