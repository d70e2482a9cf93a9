package org.sigmoe.tornado.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.kernel.Bf16Array;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.RowLayout;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** What products in bf16 on CUDA ask of the engine, recorded. */
final class RoundedCopiesTest {
  private final Graph graph = new Graph();
  private final Value x = graph.input("x", TensorType.f32(4, 5));
  private final Value w = graph.input("w", TensorType.f32(3, 5));
  private final Value v = graph.input("v", TensorType.f32(2, 5));

  @Test
  void valueOfTwoProductsIsRoundedOnce() {
    Recorder recorder = lower(MatMul.linear(x, w), MatMul.linear(x, v));
    assertEquals(List.of("toBf16", "toBf16", "cublas", "toBf16", "cublas"), recorder.tasks);
    assertSame(recorder.products.get(0).get(1), recorder.products.get(1).get(1), "x of both");
  }

  @Test
  void copyIsGivenBackAfterTheLastProductOfItsValue() {
    Recorder recorder = new Recorder(List.of(node(MatMul.linear(x, w)), node(MatMul.linear(x, v))));
    recorder.lower(0);
    assertEquals(1, recorder.givenBack.size(), "w alone");
    assertSame(recorder.products.get(0).get(0), recorder.givenBack.get(0).shorts());
    recorder.lower(1);
    assertEquals(Set.copyOf(recorder.taken), Set.copyOf(recorder.givenBack));
  }

  @Test
  void matrixTimesItselfIsOneCopyGivenBackOnce() {
    Recorder recorder = lower(MatMul.of(x, Transpose.NO, x, Transpose.YES));
    assertEquals(List.of("toBf16", "cublas"), recorder.tasks);
    assertEquals(recorder.taken, recorder.givenBack);
  }

  @Test
  void copiesHaveRoomForPaddedRowsAndForAMultipleOfEight() {
    Recorder recorder = lower(MatMul.linear(x, w));
    assertEquals(
        List.of(8 * 32, 8 * 32),
        recorder.taken.stream().map(array -> array.shorts().getSize()).toList());
  }

  private static Recorder lower(Value... products) {
    List<Node> schedule = new ArrayList<>();
    for (Value product : products) {
      schedule.add(node(product));
    }
    Recorder recorder = new Recorder(schedule);
    for (int i = 0; i < products.length; i++) {
      recorder.lower(i);
    }
    return recorder;
  }

  private static Node node(Value product) {
    return ((Value.Result) product.origin()).node();
  }

  private static final class Recorder implements Lowering, RoundedCopies.Memory {
    private final List<Node> schedule;
    private final RoundedUses uses;
    private final RoundedCopies copies;
    private final List<String> tasks = new ArrayList<>();
    private final List<List<Object>> products = new ArrayList<>();
    private final List<Bf16Array> taken = new ArrayList<>();
    private final List<Bf16Array> givenBack = new ArrayList<>();

    Recorder(List<Node> schedule) {
      this.schedule = schedule;
      this.uses = RoundedUses.of(schedule, List.of());
      this.copies = new RoundedCopies(schedule, uses, this);
    }

    void lower(int index) {
      Node node = schedule.get(index);
      MatMulTasks.matMul((MatMul) node.op(), node, this);
      copies.done(node);
    }

    @Override
    public Bf16Array take(long elements) {
      taken.add(
          new Bf16Array(
              new ShortArray((int) elements),
              new IntArray((int) elements / 2),
              new LongArray((int) elements / 4)));
      return taken.getLast();
    }

    @Override
    public void giveBack(Bf16Array array) {
      givenBack.add(array);
    }

    @Override
    public Bf16Matrix rounded(Value value) {
      return copies.rows(value, this);
    }

    @Override
    public Bf16Matrix roundedTransposed(Value value, int matrices) {
      return copies.transposed(value, matrices, this);
    }

    @Override
    public Bf16Array bf16Scratch(long elements) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Bf16Array keep(Value value, long elements) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Bf16Array kept(Value value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RowLayout rowLayout(Value order, Value offsets, int slots) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RoundedUses roundedUses() {
      return uses;
    }

    @Override
    public Bf16Matrix producedRounded(Value value) {
      return copies.produced(value);
    }

    @Override
    public SparseGradients sparseGradients() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FusedAdditions fusedAdditions() {
      return FusedAdditions.of(BufferPlan.of(new Graph()), List.of(), Backend.CUDA, Precision.BF16);
    }

    @Override
    public FusedActivations fusedActivations() {
      throw new UnsupportedOperationException();
    }

    @Override
    public WeightedRows weightedRows() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SquaredNorms squaredNorms() {
      return SquaredNorms.of(BufferPlan.of(new Graph()), List.of());
    }

    @Override
    public FusedBiases fusedBiases() {
      return FusedBiases.of(BufferPlan.of(new Graph()), List.of());
    }

    @Override
    public RowPlaces rowPlaces() {
      return RowPlaces.none();
    }

    @Override
    public boolean isRead(Value value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public BatchedProducts batchedProducts() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Backend backend() {
      return Backend.CUDA;
    }

    @Override
    public Precision precision() {
      return Precision.BF16;
    }

    @Override
    public KernelContext context() {
      return new KernelContext();
    }

    @Override
    public FloatArray floats(Value value) {
      return new FloatArray((int) value.shape().elements());
    }

    @Override
    public IntArray ints(Value value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FloatArray scratch(int elements) {
      return new FloatArray(1);
    }

    @Override
    public IntArray intScratch(int elements) {
      throw new UnsupportedOperationException();
    }

    @Override
    public LongArray longScratch(int elements) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void task(String name, Function<String, TaskPackage> task) {
      tasks.add(name);
    }

    @Override
    public void task(String name, WorkerGrid threads, Function<String, TaskPackage> task) {
      tasks.add(name);
    }

    @Override
    public void library(String name, List<Object> arrays, BiConsumer<TaskGraph, String> task) {
      tasks.add(name);
      products.add(arrays);
    }
  }
}
