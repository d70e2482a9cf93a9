package org.sigmoe.tornado.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.engine.op.BatchedProducts;
import org.sigmoe.tornado.engine.op.FusedActivations;
import org.sigmoe.tornado.engine.op.FusedAdditions;
import org.sigmoe.tornado.engine.op.FusedBiases;
import org.sigmoe.tornado.engine.op.Lowering;
import org.sigmoe.tornado.engine.op.NodeTasks;
import org.sigmoe.tornado.engine.op.RoundedCopies;
import org.sigmoe.tornado.engine.op.RoundedUses;
import org.sigmoe.tornado.engine.op.RowPlaces;
import org.sigmoe.tornado.engine.op.SparseGradients;
import org.sigmoe.tornado.engine.op.SquaredNorms;
import org.sigmoe.tornado.engine.op.WeightedRows;
import org.sigmoe.tornado.kernel.Bf16Array;
import org.sigmoe.tornado.kernel.Bf16Matrix;
import org.sigmoe.tornado.kernel.RowLayout;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.memory.XPUBuffer;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.LongArray;

/** Turns the nodes of a schedule into one list of tasks. */
final class GraphLowering implements Lowering, AutoCloseable {
  private final TornadoEngine engine;
  private final DeviceValues values;
  private final ArrayPool scratch;
  private final RoundedMemory roundedMemory;

  /** Arrays of the current node alone. */
  private final List<Bf16Array> bf16Scratch = new ArrayList<>();

  /** Arrays that nodes keep for later ones. */
  private final Map<Value, Bf16Array> kept = new HashMap<>();

  private final ProgramPlan plan;
  private final RoundedCopies rounded;

  /**
   * By the order of their routes. Small beside what they lay out, they last as long as the program.
   */
  private final Map<Value, RowLayout> rowLayouts = new HashMap<>();

  private final ArrayPool lasting;
  private final KernelContext context = new KernelContext();
  private final List<DeviceTask> tasks = new ArrayList<>();

  /** Buffers of all arrays that a task may name. */
  private final Map<Object, XPUBuffer> buffers = new IdentityHashMap<>();

  private @Nullable Node current;

  /** Of the nodes of a plan, which are to be lowered in its order. */
  GraphLowering(TornadoEngine engine, DeviceValues values, ProgramPlan plan) {
    this.engine = engine;
    this.values = values;
    this.plan = plan;
    this.scratch = new ArrayPool(engine.memory());
    this.lasting = new ArrayPool(engine.memory());
    this.roundedMemory = new RoundedMemory(engine.memory());
    this.rounded = new RoundedCopies(plan.buffers().order(), plan.roundedUses(), roundedMemory);
  }

  /** Appends the tasks of a node. */
  void lower(Node node) {
    current = node;
    NodeTasks.add(node, this);
    scratch.release();
    bf16Scratch.forEach(roundedMemory::giveBack);
    bf16Scratch.clear();
    rounded.done(node);
  }

  /** Allocates what could not be before all nodes were lowered. */
  void finish() {
    roundedMemory.allocate(
        (array, buffer) -> {
          buffers.put(array.shorts(), buffer);
          buffers.put(array.pairs(), buffer);
          buffers.put(array.quads(), buffer);
        });
  }

  List<DeviceTask> tasks() {
    return tasks;
  }

  /** Where the arrays of all tasks lie. */
  Map<Object, XPUBuffer> buffers() {
    return buffers;
  }

  /** Arrays for intermediate results of nodes. */
  List<DeviceArray> scratchArrays() {
    return Stream.of(scratch.all(), lasting.all(), roundedMemory.all())
        .flatMap(List::stream)
        .toList();
  }

  /** Bytes of arrays for intermediate results of nodes. */
  long scratchBytes() {
    return scratchArrays().stream().mapToLong(DeviceArray::bytes).sum();
  }

  @Override
  public Backend backend() {
    return engine.backend();
  }

  @Override
  public Precision precision() {
    return engine.options().precision();
  }

  @Override
  public KernelContext context() {
    return context;
  }

  @Override
  public FloatArray floats(Value value) {
    return (FloatArray) use(values.array(value));
  }

  @Override
  public IntArray ints(Value value) {
    return (IntArray) use(values.array(value));
  }

  @Override
  public FloatArray scratch(int elements) {
    return (FloatArray) use(scratch.take(DType.F32, elements));
  }

  /** Not the default, whose message knows no engine. */
  @Override
  public FloatArray scratch(int rows, int columns) {
    return (FloatArray) use(scratch.take(DType.F32, (long) rows * columns));
  }

  @Override
  public IntArray intScratch(int elements) {
    return (IntArray) use(scratch.take(DType.I32, elements));
  }

  @Override
  public IntArray intScratch(int rows, int columns) {
    return (IntArray) use(scratch.take(DType.I32, (long) rows * columns));
  }

  @Override
  public BatchedProducts batchedProducts() {
    return engine.batchedProducts(this);
  }

  @Override
  public Bf16Matrix rounded(Value value) {
    return rounded.rows(value, this);
  }

  @Override
  public Bf16Matrix roundedTransposed(Value value, int matrices) {
    return rounded.transposed(value, matrices, this);
  }

  @Override
  public RowLayout rowLayout(Value order, Value offsets, int slots) {
    RowLayout layout =
        rowLayouts.computeIfAbsent(
            order,
            _ ->
                new RowLayout(
                    ints(order),
                    ints(offsets),
                    order.shape().size(0),
                    offsets.shape().size(0) - 1,
                    slots,
                    elements -> (IntArray) use(lasting.take(DType.I32, elements))));
    return layout;
  }

  @Override
  public RoundedUses roundedUses() {
    return plan.roundedUses();
  }

  @Override
  public Bf16Matrix producedRounded(Value value) {
    return rounded.produced(value);
  }

  @Override
  public SparseGradients sparseGradients() {
    return plan.sparseGradients();
  }

  @Override
  public FusedActivations fusedActivations() {
    return plan.activations();
  }

  @Override
  public FusedBiases fusedBiases() {
    return plan.biases();
  }

  @Override
  public SquaredNorms squaredNorms() {
    return plan.squaredNorms();
  }

  @Override
  public WeightedRows weightedRows() {
    return plan.weightedRows();
  }

  @Override
  public FusedAdditions fusedAdditions() {
    return plan.additions();
  }

  @Override
  public RowPlaces rowPlaces() {
    return plan.rowPlaces();
  }

  @Override
  public boolean isRead(Value value) {
    return plan.read().contains(value);
  }

  @Override
  public LongArray longScratch(int elements) {
    return bf16Scratch(4L * elements).quads();
  }

  /** Not the default, whose message knows no engine. */
  @Override
  public LongArray longScratch(int rows, int columns) {
    return bf16Scratch(4L * rows * columns).quads();
  }

  @Override
  public Bf16Array bf16Scratch(long elements) {
    Bf16Array array = roundedMemory.take(elements);
    bf16Scratch.add(array);
    return array;
  }

  @Override
  public Bf16Array keep(Value value, long elements) {
    Bf16Array array = roundedMemory.take(elements);
    kept.put(value, array);
    return array;
  }

  @Override
  public Bf16Array kept(Value value) {
    Bf16Array array = Objects.requireNonNull(kept.remove(value), "an array that was not kept");
    bf16Scratch.add(array);
    return array;
  }

  private Object use(DeviceArray array) {
    buffers.put(array.name(), array.buffer());
    return array.name();
  }

  @Override
  public void task(String name, Function<String, TaskPackage> task) {
    append(name, null, task);
  }

  @Override
  public void task(String name, WorkerGrid threads, Function<String, TaskPackage> task) {
    append(name, threads, task);
  }

  private void append(
      String name, @Nullable WorkerGrid threads, Function<String, TaskPackage> task) {
    // The first parameter that TornadoVM keeps is the code.
    Object[] parameters = task.apply(name).getTaskParameters();
    List<Object> arguments = Arrays.asList(parameters).subList(1, parameters.length);
    tasks.add(
        new DeviceTask(
            name, node(), arguments, threads, (graph, id) -> graph.addTask(task.apply(id))));
  }

  @Override
  public void library(String name, List<Object> arrays, BiConsumer<TaskGraph, String> task) {
    tasks.add(new DeviceTask(name, node(), arrays, null, task));
  }

  private String node() {
    return Objects.requireNonNull(current, "a task outside of a node").toString();
  }

  @Override
  public void close() {
    scratchArrays().forEach(engine.memory()::free);
  }
}
