package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.cpu.gemm.Gemm;
import org.sigmoe.nn.engine.cpu.gemm.GemmShape;
import org.sigmoe.nn.engine.cpu.gemm.OperandType;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
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
  private final ScratchMemory scratch;
  private final List<Kernel> kernels = new ArrayList<>();
  private final List<AutoCloseable> resources = new ArrayList<>();
  private long partialBytes;

  Compiler(CpuEngine engine, Arena arena, Tensors tensors) {
    this.engine = engine;
    this.gemm = engine.gemm();
    this.arena = arena;
    this.tensors = tensors;
    this.rounded = new RoundedCopies(arena, tensors);
    this.scratch = new ScratchMemory(engine.options().threads());
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

  /** Appends the kernels of a node. */
  void compile(Node node) {
    switch (node.op()) {
      case MatMul op -> matMul(node, op);
      case Activate op -> add(ActivationKernels.activate(op, node, this));
      case Activate.GeluGradient op -> add(ActivationKernels.geluGradient(op, node, this));
      case Activate.Gradient op -> add(ActivationKernels.gradient(op, node, this));
      case AddDropout op -> add(ActivationKernels.addDropout(op, node, this));
      case Dropout op -> add(ActivationKernels.dropout(op, node, this));
      case BroadcastRows _ -> add(RouterKernels.broadcastRows(node, this));
      case GatherColumns _ -> add(RouterKernels.gatherColumns(node, this));
      case GaussianNoise op ->
          add(
              new GaussianNoiseKernel(
                  elements(node.result(0)), at(node.operand(0)), op.site(), at(node.result(0))));
      case LogMeanSoftmax _ -> RouterKernels.logMeanSoftmax(node, this);
      case LogMeanSoftmax.Gradient _ -> add(RouterKernels.logMeanSoftmaxGradient(node, this));
      case LogSumExp _ -> add(RouterKernels.logSumExp(node, this));
      case LogSumExp.Gradient _ -> add(RouterKernels.logSumExpGradient(node, this));
      case Multiply _ ->
          add(
              new MultiplyKernel(
                  elements(node.operand(0)),
                  at(node.operand(0)),
                  at(node.operand(1)),
                  at(node.result(0))));
      case NegativeEntropy _ -> add(RouterKernels.negativeEntropy(node, this));
      case NegativeEntropy.Gradient _ -> add(RouterKernels.negativeEntropyGradient(node, this));
      case Scale op ->
          add(
              new ScaleKernel(
                  op.factor(), elements(node.operand(0)), at(node.operand(0)), at(node.result(0))));
      case ScatterColumns op -> add(RouterKernels.scatterColumns(op, node, this));
      case Sinkhorn op -> RouterKernels.sinkhorn(op, node, this);
      case Softmax op -> add(RouterKernels.softmax(op, node, this));
      case Softmax.Gradient op -> add(RouterKernels.softmaxGradient(op, node, this));
      case TopK op -> add(RouterKernels.topK(op, node, this));
      case Add _ ->
          kernels.add(
              new AddKernel(
                  elements(node.operand(0)),
                  at(node.operand(0)),
                  at(node.operand(1)),
                  at(node.result(0))));
      case ColumnNorms _ ->
          kernels.add(
              new ColumnNormsKernel(
                  node.operand(0).shape().rows(),
                  node.operand(0).shape().columns(),
                  at(node.operand(0)),
                  at(node.result(0))));
      case KeepLargest op ->
          kernels.add(
              new KeepLargestKernel(
                  node.operand(0).shape().rows(),
                  node.operand(0).shape().columns(),
                  Math.min(op.k(), node.operand(0).shape().columns()),
                  threads(),
                  at(node.operand(0)),
                  op.scaled() ? at(node.operand(1)) : 0,
                  at(node.result(0))));
      case KeepLargest.Gradient _ ->
          kernels.add(
              new KeepLargestGradientKernel(
                  elements(node.operand(0)),
                  at(node.operand(0)),
                  at(node.operand(1)),
                  at(node.result(0))));
      case ProductKeyScores _ -> ProductKeyKernels.scores(node, this);
      case ProductKeyScores.Gradient _ -> ProductKeyKernels.scoresGradient(node, this);
      case ProductKeyTable _ -> ProductKeyKernels.table(node, this);
      case ProductKeyTable.Gradient _ -> ProductKeyKernels.tableGradient(node, this);
      case ProductKeyTopK op -> ProductKeyKernels.topK(op, node, this);
      case ProductKeyTopK.Gradient op -> ProductKeyKernels.topKGradient(op, node, this);
      case WeightedGather op -> ProductKeyKernels.gather(op, node, this);
      case WeightedGather.ValueGradient op -> ProductKeyKernels.valueGradient(op, node, this);
      case WeightedGather.WeightGradient _ -> ProductKeyKernels.weightGradient(node, this);
      case SumRows _ -> sumRows(node);
      case LayerNorm op ->
          kernels.add(
              new LayerNormKernel(
                  node.operand(0).shape().rows(),
                  node.operand(0).shape().columns(),
                  op.epsilon(),
                  at(node.operand(0)),
                  at(node.operand(1)),
                  at(node.operand(2)),
                  at(node.result(0)),
                  at(node.result(1)),
                  at(node.result(2))));
      case LayerNorm.Gradient _ -> layerNormGradient(node);
      case Embedding _ -> {
        Shape table = node.operand(0).shape();
        kernels.add(
            new EmbeddingKernel(
                node.result(0).shape().rows(),
                table.size(0),
                table.columns(),
                at(node.operand(0)),
                at(node.operand(1)),
                at(node.result(0))));
      }
      case Embedding.Gradient op ->
          kernels.add(
              new EmbeddingGradientKernel(
                  node.operand(0).shape().rows(),
                  op.vocabulary(),
                  node.operand(0).shape().columns(),
                  at(node.operand(0)),
                  at(node.operand(1)),
                  at(node.result(0))));
      case CrossEntropy _ ->
          kernels.add(
              new CrossEntropyKernel(
                  node.operand(0).shape().rows(),
                  node.operand(0).shape().columns(),
                  at(node.operand(0)),
                  at(node.operand(1)),
                  at(node.result(0)),
                  at(node.result(1))));
      case CrossEntropy.Gradient _ ->
          kernels.add(
              new CrossEntropyGradientKernel(
                  node.operand(0).shape().rows(),
                  node.operand(0).shape().columns(),
                  at(node.operand(0)),
                  at(node.operand(1)),
                  at(node.operand(2)),
                  at(node.operand(3)),
                  at(node.result(0))));
      case Mean _ -> {
        long count = elements(node.operand(0));
        Partials sums = sums(SumKernel.Term.ELEMENT, node.operand(0));
        kernels.add(
            SumEndKernel.scaled(sums.address(), sums.count(), 1.0 / count, at(node.result(0))));
      }
      case Mean.Gradient _ ->
          kernels.add(
              new MeanGradientKernel(
                  elements(node.result(0)), at(node.operand(0)), at(node.result(0))));
      case AddSquaredNorm _ -> {
        Partials sums = sums(SumKernel.Term.SQUARE, node.operand(1));
        kernels.add(
            SumEndKernel.added(
                sums.address(), sums.count(), at(node.operand(0)), at(node.result(0))));
      }
      case ClipFactor op ->
          kernels.add(
              new ClipFactorKernel(
                  op.maxNorm(), at(node.operand(0)), at(node.result(0)), at(node.result(1))));
      case Adam op ->
          kernels.add(
              new AdamKernel(
                  op,
                  elements(node.operand(0)),
                  at(node.operand(0)),
                  at(node.operand(1)),
                  at(node.operand(2)),
                  at(node.operand(3)),
                  at(node.operand(4)),
                  at(node.operand(5))));
      case Concat _ -> {
        concat(node.operand(0), 0, node.result(0));
        concat(node.operand(1), node.operand(0).shape().size(1), node.result(0));
      }
      case Concat.Gradient op -> {
        split(node.operand(0), 0, node.result(0));
        split(node.operand(0), op.first(), node.result(1));
      }
      case ShiftMemory _ -> shiftMemory(node.operand(0), node.operand(1));
      case RelativeAttention _ -> {
        AttentionKernel kernel =
            new AttentionKernel(
                gemm, attentionScores(node), scratch, at(node.result(0)), at(node.result(1)));
        resources.add(kernel);
        kernels.add(kernel);
      }
      case RelativeAttention.Gradient _ -> attentionGradient(node);
      case AddGroupBias _,
          CapacityMask _,
          Fractions _,
          GatherMatMul _,
          GroupedOuterProduct _,
          GroupSumRows _,
          Route _,
          ScatterMatMul _,
          ScatterMatMul.WeightGradient _ ->
          throw new EngineException(node + " is not there yet");
    }
  }

  /** Appends a kernel. */
  void add(Kernel kernel) {
    kernels.add(kernel);
  }

  /** Scratch memory of the threads. */
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

  private static long elements(Value value) {
    return value.shape().elements();
  }

  /** Memory for partial sums. */
  long partials(long floats) {
    long bytes = Float.BYTES * floats;
    partialBytes += bytes;
    return arena.allocate(bytes, 64).address();
  }

  private record Partials(long address, int count) {}

  private Partials sums(SumKernel.Term term, Value x) {
    FlatSplit split = new FlatSplit(elements(x));
    Partials sums = new Partials(partials(split.chunks()), split.chunks());
    kernels.add(new SumKernel(term, split, at(x), sums.address()));
    return sums;
  }

  private void matMul(Node node, MatMul op) {
    MatMul.Sizes sizes = op.sizes(node);
    product(
        GemmShape.of(sizes.m(), sizes.n(), sizes.k(), op.transposeA(), op.transposeB()),
        new Place(node.operand(0), 0),
        new Place(node.operand(1), 0),
        new Place(node.result(0), 0));
  }

  /** An element of a value, where a matrix begins. */
  record Place(Value value, long element) {}

  /** Appends the kernel of a product of matrices that lie in values, whatever the precision. */
  void product(GemmShape shape, Place a, Place b, Place c) {
    OperandType type = engine.operandType();
    long to = at(c.value()) + Float.BYTES * c.element();
    MatMulKernel kernel =
        new MatMulKernel(
            gemm, shape.withType(type), threads(), operand(a, type), operand(b, type), to);
    resources.add(kernel);
    kernels.add(kernel);
  }

  private long operand(Place place, OperandType type) {
    long base = type == OperandType.BF16 ? rounded.of(place.value(), kernels) : at(place.value());
    return base + type.bytes() * place.element();
  }

  private void sumRows(Node node) {
    Shape x = node.operand(0).shape();
    Split split = Split.of(x.rows(), x.columns());
    long partials = partials((long) split.chunks() * x.columns());
    kernels.add(new SumRowsKernel(split, x.columns(), at(node.operand(0)), partials));
    reduce(partials, split.chunks(), x.columns(), node.result(0));
  }

  private void reduce(long partials, int count, long stride, Value result) {
    kernels.add(new ReduceKernel(partials, count, stride, elements(result), at(result)));
  }

  private void layerNormGradient(Node node) {
    Shape x = node.operand(0).shape();
    Split split = Split.of(x.rows(), x.columns());
    long partials = partials(2L * split.chunks() * x.columns());
    kernels.add(
        new LayerNormGradientKernel(
            scratch,
            split,
            x.columns(),
            at(node.operand(0)),
            at(node.operand(1)),
            at(node.operand(2)),
            at(node.operand(3)),
            at(node.operand(4)),
            at(node.result(0)),
            partials));
    long stride = 2L * x.columns();
    reduce(partials, split.chunks(), stride, node.result(1));
    reduce(partials + 4L * x.columns(), split.chunks(), stride, node.result(2));
  }

  private void concat(Value part, int to, Value whole) {
    copyRows(rows(part, 0), rows(whole, to), part.shape());
  }

  private void split(Value whole, int from, Value part) {
    copyRows(rows(whole, from), rows(part, 0), part.shape());
  }

  /** Copies as many rows as a part of shape [B, rows, C] has. */
  private void copyRows(TimeSliceKernel.Rows source, TimeSliceKernel.Rows target, Shape part) {
    kernels.add(new TimeSliceKernel(part.size(0), part.size(2), source, target, part.size(1)));
  }

  private TimeSliceKernel.Rows rows(Value value, int from) {
    return new TimeSliceKernel.Rows(at(value), value.shape().size(1), from);
  }

  private void shiftMemory(Value memory, Value x) {
    int length = memory.shape().size(1);
    int context = x.shape().size(1);
    if (length <= context) {
      copyRows(rows(x, context - length), rows(memory, 0), memory.shape());
      return;
    }
    Shape kept = memory.shape().withSize(1, length - context);
    copyRows(rows(memory, context), rows(memory, 0), kept);
    copyRows(rows(x, 0), rows(memory, length - context), x.shape());
  }

  private AttentionScores attentionScores(Node node) {
    return new AttentionScores(
        gemm,
        RelativeAttention.sizes(node),
        new AttentionScores.Operands(
            at(node.operand(0)),
            at(node.operand(1)),
            at(node.operand(2)),
            at(node.operand(3)),
            at(node.operand(4)),
            at(node.operand(5)),
            at(node.operand(6))));
  }

  private void attentionGradient(Node node) {
    RelativeAttention.Sizes sizes = RelativeAttention.sizes(node);
    AttentionScores scores = attentionScores(node);
    int groups = AttentionGradientKernel.groups(scores).chunks();
    long positions = (long) sizes.keys() * sizes.width();
    long dr = partials(groups * positions);
    long du = partials((long) groups * sizes.width());
    long dv = partials((long) groups * sizes.width());
    long dscale = partials((long) groups * sizes.heads());
    AttentionGradientKernel kernel =
        new AttentionGradientKernel(
            gemm,
            scores,
            scratch,
            new AttentionGradientKernel.Forward(
                at(node.operand(7)), at(node.operand(8)), at(node.operand(9))),
            new AttentionGradientKernel.Results(
                at(node.result(0)), at(node.result(1)), dr, du, dv, dscale));
    resources.add(kernel);
    kernels.add(kernel);
    reduce(dr, groups, positions, node.result(2));
    reduce(du, groups, sizes.width(), node.result(3));
    reduce(dv, groups, sizes.width(), node.result(4));
    kernels.add(SumEndKernel.scaled(dscale, groups * sizes.heads(), 1, at(node.result(5))));
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
