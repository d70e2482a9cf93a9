package org.sigmoe.tornado.engine.op;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
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

  private final Memory memory;
  private final RoundedUses uses;
  private final Map<RoundedForm, Integer> usesLeft = new HashMap<>();
  private final Map<RoundedForm, Bf16Matrix> copies = new HashMap<>();

  /**
   * No copies yet.
   *
   * @param schedule all nodes that will be lowered, in order
   * @param uses what they read
   */
  public RoundedCopies(List<Node> schedule, RoundedUses uses, Memory memory) {
    this.memory = memory;
    this.uses = uses;
    for (Node node : schedule) {
      uses.of(node).values().forEach(form -> usesLeft.merge(form, 1, Integer::sum));
    }
  }

  /** The rows of an operand of the current node; adds the task that makes them if it must. */
  public Bf16Matrix rows(Value value, Lowering to) {
    return copies.computeIfAbsent(RoundedForm.rows(value), _ -> round(value, to));
  }

  /**
   * The matrices of an operand of the current node, each transposed; adds the task that makes them
   * if it must.
   *
   * @param matrices that lie below each other
   */
  public Bf16Matrix transposed(Value value, int matrices, Lowering to) {
    return copies.computeIfAbsent(
        new RoundedForm(value, matrices), _ -> transpose(value, matrices, to));
  }

  /** The copy of a value whose rows the tasks of its producer write, and nobody else. */
  public Bf16Matrix produced(Value value) {
    int pitch = RoundingKernels.pitch(value.shape().columns());
    Bf16Array copy = memory.take(Math.multiplyExact(value.shape().rows(), pitch));
    Bf16Matrix matrix = new Bf16Matrix(copy, pitch);
    copies.put(RoundedForm.rows(value), matrix);
    return matrix;
  }

  private Bf16Matrix round(Value value, Lowering to) {
    Shape shape = value.shape();
    int rows = shape.rows();
    int columns = shape.columns();
    int pitch = RoundingKernels.pitch(columns);
    int elements = Math.multiplyExact(rows, pitch);
    int pairs = elements / 2;
    FloatArray floats = to.floats(value);
    Bf16Array copy = memory.take(elements);
    to.task(
        "toBf16",
        LaunchShapes.elements(pairs),
        id ->
            new TaskPackage(
                id,
                RoundingKernels::toBf16,
                to.context(),
                floats,
                pairs,
                columns,
                pitch,
                copy.pairs()));
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
    uses.of(node).values().forEach(this::used);
  }

  private void used(RoundedForm form) {
    if (usesLeft.merge(form, -1, Integer::sum) == 0) {
      Bf16Matrix copy = copies.remove(form);
      if (copy != null) {
        memory.giveBack(copy.array());
      }
    }
  }
}
