package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.sigmoe.nn.engine.cpu.gemm.Gemm;
import org.sigmoe.nn.engine.cpu.gemm.GemmShape;
import org.sigmoe.nn.engine.cpu.gemm.OperandType;
import org.sigmoe.nn.engine.cpu.gemm.Output;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Adam;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.AddDropout;
import org.sigmoe.nn.graph.op.AddGroupBias;
import org.sigmoe.nn.graph.op.AddSquaredNorm;
import org.sigmoe.nn.graph.op.BroadcastRows;
import org.sigmoe.nn.graph.op.CapacityMask;
import org.sigmoe.nn.graph.op.ClipFactor;
import org.sigmoe.nn.graph.op.ColumnNorms;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.graph.op.Embedding;
import org.sigmoe.nn.graph.op.Fractions;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.GaussianNoise;
import org.sigmoe.nn.graph.op.GroupSumRows;
import org.sigmoe.nn.graph.op.GroupedOuterProduct;
import org.sigmoe.nn.graph.op.KeepLargest;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.LogMeanSoftmax;
import org.sigmoe.nn.graph.op.LogSumExp;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.graph.op.NegativeEntropy;
import org.sigmoe.nn.graph.op.ProductKeyScores;
import org.sigmoe.nn.graph.op.ProductKeyTable;
import org.sigmoe.nn.graph.op.ProductKeyTopK;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.Route;
import org.sigmoe.nn.graph.op.Scale;
import org.sigmoe.nn.graph.op.ScatterColumns;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.ShiftMemory;
import org.sigmoe.nn.graph.op.Sinkhorn;
import org.sigmoe.nn.graph.op.Softmax;
import org.sigmoe.nn.graph.op.SumRows;
import org.sigmoe.nn.graph.op.TopK;
import org.sigmoe.nn.graph.op.WeightedGather;

/** Turns the nodes of a graph, in order, into kernels. */
final class Compiler implements AutoCloseable {
  private final CpuEngine engine;
  private final Gemm gemm;
  private final Arena arena;
  private final Tensors tensors;
  private final RoundedCopies rounded;
  private final Fusions fusions;
  private final ScratchMemory scratch;
  private final GroupedKernels grouped;
  private final List<Kernel> kernels = new ArrayList<>();
  private final List<AutoCloseable> resources = new ArrayList<>();
  private long partialBytes;

  Compiler(CpuEngine engine, Arena arena, Tensors tensors, Fusions fusions) {
    this.engine = engine;
    this.gemm = engine.gemm();
    this.arena = arena;
    this.tensors = tensors;
    this.rounded = new RoundedCopies(arena, tensors);
    this.fusions = fusions;
    this.scratch = new ScratchMemory(engine.options().threads());
    this.grouped =
        new GroupedKernels(gemm, engine.operandType(), tensors, rounded, scratch, fusions, kernels);
    resources.add(grouped);
  }

  /** Where the values lie. */
  Tensors tensors() {
    return tensors;
  }

  /** All kernels in order, once scratch memory has its size. */
  Kernel[] finish() {
    scratch.allocate(arena);
    return kernels.toArray(Kernel[]::new);
  }

  /** Bytes of scratch memory, partial sums and rounded operands. */
  long bytes() {
    return scratch.bytes() + partialBytes + rounded.bytes();
  }

  /** Appends the kernels of a node, unless those of an earlier one do its work. */
  void compile(Node node) {
    if (fusions.absorbed(node)) {
      return;
    }
    switch (node.op()) {
      case Activate op -> ActivationKernels.activate(op, node, this);
      case Activate.GeluGradient op -> ActivationKernels.geluGradient(op, node, this);
      case Activate.Gradient op -> ActivationKernels.gradient(op, node, this);
      case Adam op -> OptimiserKernels.adam(op, node, this);
      case Add _ -> ElementKernels.add(node, this);
      case AddDropout op -> ActivationKernels.addDropout(op, node, this);
      case AddGroupBias _ -> SortedRowKernels.addBias(node, this);
      case AddSquaredNorm _ -> ReductionKernels.addSquaredNorm(node, this);
      case BroadcastRows _ -> RouterKernels.broadcastRows(node, this);
      case CapacityMask op -> SortedRowKernels.capacityMask(op, node, this);
      case ClipFactor op -> OptimiserKernels.clipFactor(op, node, this);
      case ColumnNorms _ -> UnitKernels.columnNorms(node, this);
      case Concat _ -> MemoryKernels.concat(node, this);
      case Concat.Gradient op -> MemoryKernels.split(op, node, this);
      case CrossEntropy _ -> TokenKernels.crossEntropy(node, this);
      case CrossEntropy.Gradient _ -> TokenKernels.crossEntropyGradient(node, this);
      case Dropout op -> ActivationKernels.dropout(op, node, this);
      case Embedding _ -> TokenKernels.embedding(node, this);
      case Embedding.Gradient op -> TokenKernels.embeddingGradient(op, node, this);
      case Fractions _ -> SortedRowKernels.fractions(node, this);
      case GatherColumns _ -> RouterKernels.gatherColumns(node, this);
      case GatherMatMul op -> grouped.gatherMatMul(op, node);
      case GaussianNoise op -> ElementKernels.gaussianNoise(op, node, this);
      case GroupedOuterProduct op -> grouped.outerProduct(op, node);
      case GroupSumRows _ -> SortedRowKernels.sumRows(node, this);
      case KeepLargest op -> UnitKernels.keepLargest(op, node, this);
      case KeepLargest.Gradient _ -> UnitKernels.keepLargestGradient(node, this);
      case LayerNorm op -> LayerNormKernels.layerNorm(op, node, this);
      case LayerNorm.Gradient _ -> LayerNormKernels.gradient(node, this);
      case LogMeanSoftmax _ -> RouterKernels.logMeanSoftmax(node, this);
      case LogMeanSoftmax.Gradient _ -> RouterKernels.logMeanSoftmaxGradient(node, this);
      case LogSumExp _ -> RouterKernels.logSumExp(node, this);
      case LogSumExp.Gradient _ -> RouterKernels.logSumExpGradient(node, this);
      case MatMul op -> matMul(op, node);
      case Mean _ -> ReductionKernels.mean(node, this);
      case Mean.Gradient _ -> ReductionKernels.meanGradient(node, this);
      case Multiply _ -> ElementKernels.multiply(node, this);
      case NegativeEntropy _ -> RouterKernels.negativeEntropy(node, this);
      case NegativeEntropy.Gradient _ -> RouterKernels.negativeEntropyGradient(node, this);
      case ProductKeyScores _ -> ProductKeyKernels.scores(node, this);
      case ProductKeyScores.Gradient _ -> ProductKeyKernels.scoresGradient(node, this);
      case ProductKeyTable _ -> ProductKeyKernels.table(node, this);
      case ProductKeyTable.Gradient _ -> ProductKeyKernels.tableGradient(node, this);
      case ProductKeyTopK op -> ProductKeyKernels.topK(op, node, this);
      case ProductKeyTopK.Gradient op -> ProductKeyKernels.topKGradient(op, node, this);
      case RelativeAttention _ -> AttentionKernels.attention(node, this);
      case RelativeAttention.Gradient _ -> AttentionKernels.gradient(node, this);
      case Route op -> SortedRowKernels.route(op, node, this);
      case Scale op -> ElementKernels.scale(op, node, this);
      case ScatterColumns op -> RouterKernels.scatterColumns(op, node, this);
      case ScatterMatMul op -> grouped.scatterMatMul(op, node);
      case ScatterMatMul.WeightGradient _ -> grouped.weightGradient(node);
      case ShiftMemory _ -> MemoryKernels.shiftMemory(node, this);
      case Sinkhorn op -> RouterKernels.sinkhorn(op, node, this);
      case Softmax op -> RouterKernels.softmax(op, node, this);
      case Softmax.Gradient op -> RouterKernels.softmaxGradient(op, node, this);
      case SumRows _ -> ReductionKernels.sumRows(node, this);
      case TopK op -> RouterKernels.topK(op, node, this);
      case WeightedGather op -> ProductKeyKernels.gather(op, node, this);
      case WeightedGather.ValueGradient op -> ProductKeyKernels.valueGradient(op, node, this);
      case WeightedGather.WeightGradient _ -> ProductKeyKernels.weightGradient(node, this);
    }
  }

  /** Appends a kernel. */
  void add(Kernel kernel) {
    kernels.add(kernel);
  }

  /** Appends a kernel, to be closed with the program. */
  void own(ClosableKernel kernel) {
    resources.add(kernel);
    kernels.add(kernel);
  }

  /** What multiplies matrices. */
  Gemm gemm() {
    return gemm;
  }

  /** Memory that threads may use while they run a chunk. */
  ScratchMemory scratch() {
    return scratch;
  }

  /** Number of threads. */
  int threads() {
    return engine.options().threads();
  }

  /** Address of a value. */
  long at(Value value) {
    return tensors.address(value);
  }

  /** Memory for partial sums. */
  long partials(long floats) {
    long bytes = Float.BYTES * floats;
    partialBytes += bytes;
    return arena.allocate(bytes, 64).address();
  }

  private void matMul(MatMul op, Node node) {
    MatMul.Sizes sizes = op.sizes(node);
    Fusions.Sum sum = fusions.sum(node);
    product(
        GemmShape.of(sizes.m(), sizes.n(), sizes.k(), op.transposeA(), op.transposeB())
            .withOutput(sum == null ? Output.OVERWRITE : Output.ACCUMULATE),
        new Place(node.operand(0), 0),
        new Place(node.operand(1), 0),
        new Place((sum == null ? node : sum.node()).result(0), 0));
  }

  /** An element of a value, where a matrix begins. */
  record Place(Value value, long element) {}

  /** Appends the kernel of a product of matrices that lie in values, whatever the precision. */
  void product(GemmShape shape, Place a, Place b, Place c) {
    OperandType type = engine.operandType();
    long to = at(c.value()) + Float.BYTES * c.element();
    own(
        new MatMulKernel(
            gemm, shape.withType(type), threads(), operand(a, type), operand(b, type), to));
  }

  private long operand(Place place, OperandType type) {
    long base = type == OperandType.BF16 ? rounded.of(place.value(), kernels) : at(place.value());
    return base + type.bytes() * place.element();
  }

  @Override
  public void close() {
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
