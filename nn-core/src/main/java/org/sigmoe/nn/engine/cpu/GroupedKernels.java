package org.sigmoe.nn.engine.cpu;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.engine.cpu.gemm.Gemm;
import org.sigmoe.nn.engine.cpu.gemm.GemmPlan;
import org.sigmoe.nn.engine.cpu.gemm.GemmShape;
import org.sigmoe.nn.engine.cpu.gemm.OperandType;
import org.sigmoe.nn.engine.cpu.gemm.Output;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.DropoutMask;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.GroupedSizes;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.Transpose;

/**
 * Turns products of rows that are routed to groups into kernels. All products of one shape share
 * their plans, since the layers of a model need the same ones.
 */
final class GroupedKernels implements AutoCloseable {
  /** Groups that keep threads busy without slices. */
  private static final int MANY_GROUPS = 8;

  private final Gemm gemm;
  private final OperandType type;
  private final Tensors tensors;
  private final RoundedCopies rounded;
  private final ScratchMemory scratch;
  private final Fusions fusions;
  private final List<Kernel> kernels;
  private final Map<GemmShape, GemmPlan> plans = new ConcurrentHashMap<>();

  /**
   * For one program.
   *
   * @param type of the operands of products
   * @param fusions what the kernels of products compute as well
   * @param kernels where kernels are appended
   */
  GroupedKernels(
      Gemm gemm,
      OperandType type,
      Tensors tensors,
      RoundedCopies rounded,
      ScratchMemory scratch,
      Fusions fusions,
      List<Kernel> kernels) {
    this.gemm = gemm;
    this.type = type;
    this.tensors = tensors;
    this.rounded = rounded;
    this.scratch = scratch;
    this.fusions = fusions;
    this.kernels = kernels;
  }

  void gatherMatMul(GatherMatMul op, Node node) {
    GroupedSizes sizes = op.sizes(node);
    SortedRows rows = rows(node, sizes.groups());
    Node activation = fusions.activation(node);
    Fusions.HiddenGradient gradient = fusions.gradient(node);
    Output output = activation == null ? Output.OVERWRITE : Output.RELU;
    kernels.add(
        new GatherMatMulKernel(
            sizes,
            rows,
            gatherer(node, rows, op.slots(), sizes),
            new RowPlans(
                count ->
                    GemmShape.of(count, sizes.size(), sizes.width(), Transpose.NO, op.transpose())
                        .withOutput(output),
                this::plan),
            operand(node.operand(1)),
            matrixBytes(sizes),
            gradient == null ? null : stage(gradient, rows),
            result(last(node, activation, gradient)),
            scratch));
  }

  private static Node last(
      Node product, @Nullable Node activation, Fusions.@Nullable HiddenGradient gradient) {
    if (gradient != null) {
      return gradient.activation();
    }
    return activation == null ? product : activation;
  }

  private BlockStage stage(Fusions.HiddenGradient gradient, SortedRows rows) {
    Value hidden = gradient.weights().operand(1);
    Activate.Gradient op = (Activate.Gradient) gradient.activation().op();
    return new HiddenGradientStage(
        rows,
        hidden.shape().columns(),
        operand(hidden),
        type,
        at(gradient.weights().operand(2)),
        DropoutMask.scale(op.rate()),
        at(gradient.weights().result(1)));
  }

  /** Where the last of the nodes that a kernel computes has its result. */
  private SortedResult result(Node last) {
    Value value = last.result(0);
    int columns = value.shape().columns();
    // Anybody may read a product as it is; what is fused has readers that are known.
    if (type == OperandType.F32 || !fusions.absorbed(last)) {
      return new SortedResult(columns, at(value), SortedResult.NONE);
    }
    long floats = fusions.isReadAsFloats(value) ? at(value) : SortedResult.NONE;
    return new SortedResult(columns, floats, rounded.written(value));
  }

  void scatterMatMul(ScatterMatMul op, Node node) {
    GroupedSizes sizes = op.sizes(node);
    SortedRows rows = rows(node, sizes.groups());
    Fusions.Sum sum = fusions.sum(node);
    ScatterMatMulKernel.Operands operands =
        new ScatterMatMulKernel.Operands(
            sorted(node.operand(0), rows, sizes, SortedOperand.UNWEIGHTED),
            operand(node.operand(1)),
            matrixBytes(sizes),
            type.bytes() * (op.transpose() == Transpose.NO ? 1L : sizes.size()),
            weights(node, op.weighted()),
            sum == null ? ScatterMatMulKernel.NOTHING : at(sum.addend()));
    kernels.add(
        new ScatterMatMulKernel(
            sizes,
            op.slots(),
            rows,
            new SlicePlans(
                sizes.width(),
                // In f32 wide slices gain nothing, and leave half as many chunks.
                type == OperandType.BF16 ? SlicePlans.WIDE : SlicePlans.NARROW,
                width -> slicePlans(sizes, op.transpose(), width)),
            type == OperandType.BF16 ? new Bf16SlotSums() : new FloatSlotSums(),
            operands,
            at((sum == null ? node : sum.node()).result(0)),
            scratch));
  }

  void weightGradient(Node node) {
    Shape u = node.operand(0).shape();
    kernels.add(
        new WeightGradientKernel(
            u.rows(),
            u.columns(),
            at(node.operand(0)),
            at(node.operand(1)),
            at(node.operand(2)),
            at(node.operand(3)),
            at(node.result(0)),
            at(node.result(1))));
  }

  void outerProduct(GroupedOuterProduct op, Node node) {
    GroupedSizes sizes = op.sizes(node);
    SortedRows rows = rows(node, sizes.groups());
    kernels.add(
        new GroupedOuterProductKernel(
            sizes,
            op.gathered(),
            rows,
            gatherer(node, rows, op.slots(), sizes),
            new SlicePlans(
                sizes.width(),
                sizes.groups() < MANY_GROUPS ? SlicePlans.NARROW : SlicePlans.WIDE,
                width -> slicePlans(sizes, op.gathered(), width)),
            sorted(node.operand(1), rows, sizes, weights(node, op.weighted())),
            at(node.result(0)),
            scratch));
  }

  private long at(Value value) {
    return tensors.address(value);
  }

  /** Address of an operand of a product, rounded where the engine rounds. */
  private long operand(Value value) {
    return type == OperandType.BF16 ? rounded.of(value, kernels) : at(value);
  }

  private RowGatherer gatherer(Node node, SortedRows rows, int slots, GroupedSizes sizes) {
    return new RowGatherer(rows, slots, operand(node.operand(0)), sizes.width(), type.bytes());
  }

  private SortedOperand sorted(Value value, SortedRows rows, GroupedSizes sizes, long weights) {
    return new SortedOperand(rows, sizes.slots(), sizes.size(), operand(value), weights, type);
  }

  private SortedRows rows(Node node, int groups) {
    return new SortedRows(at(node.operand(2)), at(node.operand(3)), groups);
  }

  private long weights(Node node, boolean weighted) {
    return weighted ? at(node.operand(4)) : SortedOperand.UNWEIGHTED;
  }

  private long matrixBytes(GroupedSizes sizes) {
    return (long) type.bytes() * sizes.width() * sizes.size();
  }

  /** Plans of sorted rows with a slice of the columns that a matrix gives. */
  private RowPlans slicePlans(GroupedSizes sizes, Transpose transpose, int width) {
    int size = sizes.size();
    int pitch = transpose == Transpose.NO ? sizes.width() : size;
    return new RowPlans(
        rows ->
            GemmShape.of(rows, width, size, Transpose.NO, transpose)
                .withLeadingDimensions(size, pitch, width),
        type == OperandType.BF16 ? this::roundedPlan : this::plan);
  }

  /** Plans that add the product of gathered and sorted rows to a slice of a matrix. */
  private RowPlans slicePlans(GroupedSizes sizes, GroupedOuterProduct.Side gathered, int width) {
    int size = sizes.size();
    return switch (gathered) {
      case LEFT ->
          new RowPlans(
              rows -> accumulating(GemmShape.of(width, size, rows, Transpose.YES, Transpose.NO)),
              this::plan);
      case RIGHT ->
          new RowPlans(
              rows ->
                  accumulating(GemmShape.of(size, width, rows, Transpose.YES, Transpose.NO))
                      .withLeadingDimensions(size, width, sizes.width()),
              this::plan);
    };
  }

  private static GemmShape accumulating(GemmShape shape) {
    return shape.withOutput(Output.ACCUMULATE);
  }

  private GemmPlan plan(GemmShape shape) {
    return plans.computeIfAbsent(shape.withType(type), gemm::plan);
  }

  private GemmPlan roundedPlan(GemmShape shape) {
    GemmShape rounded = shape.withType(type).withResult(OperandType.BF16);
    return plans.computeIfAbsent(rounded, gemm::plan);
  }

  @Override
  public void close() {
    plans.values().forEach(GemmPlan::close);
  }
}
