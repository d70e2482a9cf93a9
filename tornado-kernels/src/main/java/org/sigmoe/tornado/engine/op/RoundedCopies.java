package org.sigmoe.tornado.engine.op;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.tornado.cublas.AlignedProduct;
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
    RoundedForm rows = RoundedForm.rows(value);
    if (!copies.containsKey(rows)) {
      Shape shape = value.shape();
      RoundedForm transposed = new RoundedForm(value, shape.rank() == 3 ? shape.size(0) : 1);
      if (missing(transposed)) {
        transpose(transposed, to);
      } else {
        round(value, to);
      }
    }
    return present(rows);
  }

  /**
   * The matrices of an operand of the current node, each transposed; adds the task that makes them
   * if it must.
   *
   * @param matrices that lie below each other
   */
  public Bf16Matrix transposed(Value value, int matrices, Lowering to) {
    RoundedForm transposed = new RoundedForm(value, matrices);
    if (!copies.containsKey(transposed)) {
      transpose(transposed, to);
    }
    return present(transposed);
  }

  /** Whether a copy will be used that there is not yet. */
  private boolean missing(RoundedForm form) {
    return usesLeft.getOrDefault(form, 0) > 0 && !copies.containsKey(form);
  }

  private Bf16Matrix present(RoundedForm form) {
    return Objects.requireNonNull(copies.get(form), "a copy that was not made");
  }

  /**
   * The copy of a value whose rows the tasks of its producer write, or those of the producers of
   * its parts.
   */
  public Bf16Matrix produced(Value value) {
    RoundedForm rows = RoundedForm.rows(value);
    Bf16Matrix copy = copies.get(rows);
    int pitch = RoundingKernels.pitch(value.shape().columns());
    return copy == null ? taken(rows, value.shape().rows(), pitch) : copy;
  }

  private Bf16Matrix taken(RoundedForm form, int rows, int pitch) {
    // With room for the rows that an AlignedProduct reads along, whatever is there.
    int room = AlignedProduct.aligned(rows);
    Bf16Matrix copy = new Bf16Matrix(memory.take(Math.multiplyExact(room, pitch)), pitch);
    copies.put(form, copy);
    return copy;
  }

  private void round(Value value, Lowering to) {
    int columns = value.shape().columns();
    FloatArray floats = to.floats(value);
    Bf16Matrix copy = produced(value);
    int pairs = value.shape().rows() * copy.pitch() / 2;
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
                copy.pitch(),
                copy.array().pairs()));
  }

  /** Transposes, and makes the copy of the rows in the same pass if that will be used too. */
  private void transpose(RoundedForm form, Lowering to) {
    Value value = form.value();
    int matrices = form.transposed();
    int rows = value.shape().rows() / matrices;
    int columns = value.shape().columns();
    int pitch = RoundingKernels.pitch(rows);
    FloatArray floats = to.floats(value);
    Bf16Matrix copy = taken(form, Math.multiplyExact(matrices, columns), pitch);
    boolean both = missing(RoundedForm.rows(value));
    Bf16Array straight = both ? produced(value).array() : to.bf16Scratch(2);
    to.task(
        "toBf16Transposed",
        LaunchShapes.groups(TransposingKernels.tiles(matrices, rows, columns)),
        id ->
            new TaskPackage(
                id,
                TransposingKernels::matrices,
                to.context(),
                floats,
                rows,
                columns,
                pitch,
                RoundingKernels.pitch(columns),
                both ? 1 : 0,
                copy.array().pairs(),
                straight.pairs()));
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
