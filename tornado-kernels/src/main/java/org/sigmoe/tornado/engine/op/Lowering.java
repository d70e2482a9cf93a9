package org.sigmoe.tornado.engine.op;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.kernel.Bf16Array;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.RowLayout;
import org.sigmoe.tornado.kernel.TaskTarget;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Where an op's tasks go, and where its values lie on the device. */
public interface Lowering extends TaskTarget {

  /** The backend that will compile the tasks. */
  Backend backend();

  /** Precision of matrix products. */
  Precision precision();

  /**
   * The array of an f32 value: its elements are the first ones, row-major; the array may be longer.
   * Two values that share memory (a result computed in place) have the same array.
   */
  FloatArray floats(Value value);

  /** The array of an i32 value, as {@link #floats}. */
  IntArray ints(Value value);

  /**
   * {@inheritDoc}
   *
   * <p>It is there for the tasks of the current node alone. Calls within one node give different
   * arrays.
   */
  @Override
  FloatArray scratch(int elements);

  @Override
  IntArray intScratch(int elements);

  /**
   * The rows of an operand of the current node, a product, rounded to bf16 by a task before all
   * that are added from now on.
   */
  Bf16Matrix rounded(Value value);

  /**
   * The matrices of an operand of the current node, a product, each transposed and rounded, as
   * {@link #rounded}.
   *
   * @param matrices of as many rows each, below each other
   */
  Bf16Matrix roundedTransposed(Value value, int matrices);

  /**
   * An array of at least so many bf16 elements, as {@link #scratch(int)}; its memory serves for
   * rounded copies too.
   */
  Bf16Array bf16Scratch(long elements);

  /**
   * An array as {@link #bf16Scratch}, that is there until the tasks of the node that asks for it by
   * {@link #kept} are done.
   *
   * @param value by which that node asks
   */
  Bf16Array keep(Value value, long elements);

  /** The array that an earlier node keeps for the current one. */
  Bf16Array kept(Value value);

  /**
   * How products lay out the rows of a route, which is computed once.
   *
   * @param order i32[rows] of the route
   * @param offsets i32[groups + 1] of the route
   * @param slots K, rows of a token
   */
  RowLayout rowLayout(Value order, Value offsets, int slots);

  /** What is read rounded, and what is written so. */
  RoundedUses roundedUses();

  /**
   * The copy of a value that is {@linkplain RoundedUses#onlyRounded only rounded}, to be written by
   * the tasks of the current node.
   */
  Bf16Matrix producedRounded(Value value);

  /** The additions that tasks of products compute. */
  FusedAdditions fusedAdditions();

  /** The biases that readers of logits add. */
  FusedBiases fusedBiases();

  /** The squared norms that are computed together. */
  SquaredNorms squaredNorms();

  /** The activations that readers of their results apply. */
  FusedActivations fusedActivations();

  /** The gradients of chosen columns that are added where they are chosen alone. */
  SparseGradients sparseGradients();

  /** The weighted rows that gradients of slots' weights keep for outer products. */
  WeightedRows weightedRows();

  /** Where the rows of products lie. */
  RowPlaces rowPlaces();

  /** Whether a node of the schedule, or the host, reads a value. */
  boolean isRead(Value value);

  /** What computes batched products of the current node, where the precision is bf16. */
  BatchedProducts batchedProducts();

  /**
   * Adds a task of a {@code @Parallel} kernel, on as many threads as TornadoVM chooses.
   *
   * @param name of the kernel, for messages
   * @param task makes the task from the id it shall have
   */
  void task(String name, Function<String, TaskPackage> task);

  /**
   * Adds a library task.
   *
   * @param arrays all arrays that it reads or writes
   * @param task adds it to a task graph under the id it shall have
   */
  void library(String name, List<Object> arrays, BiConsumer<TaskGraph, String> task);
}
