package org.sigmoe.tornado.engine.op;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.RoundingKernels;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The operands of products, rounded to bf16. A value is rounded once a run, by a task before the
 * first product that uses it, however many do: values do not change once they are computed, and a
 * variable is updated when nobody needs its old contents. After its last product the memory of a
 * copy serves for others.
 */
public final class RoundedCopies {

  /**
   * A matrix in bf16.
   *
   * @param array bits of the elements
   * @param pitch elements from one row to the next
   */
  public record Copy(ShortArray array, int pitch) {}

  /** Where copies lie. */
  public interface Memory {

    /** An array of at least so many elements, of unknown contents. */
    ShortArray take(int elements);

    /** The contents of an array that was taken are no longer needed. */
    void giveBack(ShortArray array);
  }

  private final Memory memory;
  private final Map<Value, Integer> usesLeft = new HashMap<>();
  private final Map<Value, Copy> copies = new HashMap<>();

  /**
   * No copies yet.
   *
   * @param schedule all nodes that will be lowered, in order
   */
  public RoundedCopies(List<Node> schedule, Memory memory) {
    this.memory = memory;
    for (Node node : schedule) {
      if (node.op() instanceof MatMul) {
        node.operands().forEach(operand -> usesLeft.merge(operand, 1, Integer::sum));
      }
    }
  }

  /** The copy of an operand of the current node; adds the task that makes it if there is none. */
  public Copy of(Value value, Lowering to) {
    return copies.computeIfAbsent(value, v -> round(v, to));
  }

  private Copy round(Value value, Lowering to) {
    Shape shape = value.shape();
    int rows = shape.rows();
    int columns = shape.columns();
    int pitch = RoundingKernels.pitch(columns);
    int elements = Math.multiplyExact(rows, pitch);
    FloatArray floats = to.floats(value);
    ShortArray copy = memory.take(elements);
    to.task(
        "toBf16",
        LaunchShapes.elements(elements),
        id ->
            new TaskPackage(
                id, RoundingKernels::toBf16, to.context(), floats, rows, columns, pitch, copy));
    return new Copy(copy, pitch);
  }

  /** Gives back the copies that no node after {@code node}, whose tasks have been added, uses. */
  public void done(Node node) {
    if (node.op() instanceof MatMul) {
      node.operands().forEach(this::used);
    }
  }

  private void used(Value value) {
    if (usesLeft.merge(value, -1, Integer::sum) == 0) {
      Copy copy = copies.remove(value);
      if (copy != null) {
        memory.giveBack(copy.array());
      }
    }
  }
}
