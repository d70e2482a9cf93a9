package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.engine.cpu.gemm.GemmShape;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.ProductKeyScores;
import org.sigmoe.nn.graph.op.ProductKeyTable;
import org.sigmoe.nn.graph.op.ProductKeyTopK;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.nn.graph.op.WeightedGather;

/** The kernels of product-key memories: scores of sub-keys, the choice of pairs, and values. */
final class ProductKeyKernels {
  private ProductKeyKernels() {}

  /** {@link ProductKeyScores}: a product for each half. */
  static void scores(Node node, Compiler compiler) {
    ProductKeyScores.Sizes sizes = ProductKeyScores.sizes(node);
    Value query = node.operand(0);
    for (Half half : Half.values()) {
      GemmShape shape = half.products(sizes).scores();
      compiler.product(
          shape,
          new Compiler.Place(query, half.offset(sizes)),
          new Compiler.Place(node.operand(1 + half.ordinal()), 0),
          new Compiler.Place(node.result(half.ordinal()), 0));
    }
  }

  /** {@link ProductKeyScores.Gradient}: two products for each half. */
  static void scoresGradient(Node node, Compiler compiler) {
    ProductKeyScores.Sizes sizes = ProductKeyScores.sizes(node);
    for (Half half : Half.values()) {
      Products products = half.products(sizes);
      int offset = half.offset(sizes);
      Compiler.Place query = new Compiler.Place(node.operand(0), offset);
      Compiler.Place keys = new Compiler.Place(node.operand(1 + half.ordinal()), 0);
      Compiler.Place dscores = new Compiler.Place(node.operand(3 + half.ordinal()), 0);
      Compiler.Place dquery = new Compiler.Place(node.result(0), offset);
      Compiler.Place dkeys = new Compiler.Place(node.result(1 + half.ordinal()), 0);
      compiler.product(products.queryGradient(), dscores, keys, dquery);
      compiler.product(products.keyGradient(), dscores, query, dkeys);
    }
  }

  /** First or second half of queries, with the sub-keys of its own. */
  private enum Half {
    A,
    B;

    /** Where it begins in a query. */
    int offset(ProductKeyScores.Sizes sizes) {
      return this == A ? 0 : sizes.half();
    }

    Products products(ProductKeyScores.Sizes sizes) {
      return new Products(sizes, this == A ? sizes.keysA() : sizes.keysB());
    }
  }

  /**
   * Shapes of the products of one half with {@code keys} sub-keys. Heads that share one query are
   * one product with all their sub-keys; others are a batch of products, their queries and scores
   * lying side by side in a row.
   */
  private record Products(ProductKeyScores.Sizes sizes, int keys) {

    private int allKeys() {
      return sizes.heads() * keys;
    }

    /** query keys^T. */
    GemmShape scores() {
      return sizes.queries() == 1
          ? GemmShape.of(sizes.rows(), allKeys(), sizes.half(), Transpose.NO, Transpose.YES)
              .withLeadingDimensions(sizes.width(), sizes.half(), allKeys())
          : GemmShape.of(sizes.rows(), keys, sizes.half(), Transpose.NO, Transpose.YES)
              .withLeadingDimensions(sizes.width(), sizes.half(), allKeys())
              .withBatch(sizes.heads(), 2L * sizes.half(), (long) keys * sizes.half(), keys);
    }

    /** dscores keys. */
    GemmShape queryGradient() {
      return sizes.queries() == 1
          ? GemmShape.of(sizes.rows(), sizes.half(), allKeys(), Transpose.NO, Transpose.NO)
              .withLeadingDimensions(allKeys(), sizes.half(), sizes.width())
          : GemmShape.of(sizes.rows(), sizes.half(), keys, Transpose.NO, Transpose.NO)
              .withLeadingDimensions(allKeys(), sizes.half(), sizes.width())
              .withBatch(sizes.heads(), keys, (long) keys * sizes.half(), 2L * sizes.half());
    }

    /** dscores^T query. */
    GemmShape keyGradient() {
      return sizes.queries() == 1
          ? GemmShape.of(allKeys(), sizes.half(), sizes.rows(), Transpose.YES, Transpose.NO)
              .withLeadingDimensions(allKeys(), sizes.width(), sizes.half())
          : GemmShape.of(keys, sizes.half(), sizes.rows(), Transpose.YES, Transpose.NO)
              .withLeadingDimensions(allKeys(), sizes.width(), sizes.half())
              .withBatch(sizes.heads(), keys, 2L * sizes.half(), (long) keys * sizes.half());
    }
  }

  /** {@link ProductKeyTable}. */
  static void table(Node node, Compiler compiler) {
    compiler.add(
        new ProductKeyTableKernel(
            ProductKeyTable.sizes(node),
            compiler.scratch(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }

  /** {@link ProductKeyTable.Gradient}. */
  static void tableGradient(Node node, Compiler compiler) {
    compiler.add(
        new ProductKeyTableGradientKernel(
            ProductKeyTable.gradientSizes(node),
            compiler.at(node.operand(0)),
            compiler.at(node.result(0)),
            compiler.at(node.result(1))));
  }

  /** {@link ProductKeyTopK}. */
  static void topK(ProductKeyTopK op, Node node, Compiler compiler) {
    compiler.add(
        new ProductKeyTopKKernel(
            op,
            new ProductKeyTopKKernel.Halves(
                node.operand(0).shape().rows(),
                node.operand(0).shape().columns(),
                node.operand(1).shape().columns()),
            compiler.threads(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0)),
            compiler.at(node.result(1))));
  }

  /** {@link ProductKeyTopK.Gradient}. */
  static void topKGradient(ProductKeyTopK.Gradient op, Node node, Compiler compiler) {
    Shape chosen = node.operand(0).shape();
    compiler.add(
        new ProductKeyTopKGradientKernel(
            op,
            chosen.rows(),
            chosen.columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0)),
            compiler.at(node.result(1))));
  }

  /** {@link WeightedGather}. */
  static void gather(WeightedGather op, Node node, Compiler compiler) {
    compiler.add(
        new WeightedGatherKernel(
            gathered(node.operand(0), node.operand(1), op.slots(node.operand(1).shape()), compiler),
            compiler.at(node.operand(2)),
            compiler.at(node.result(0))));
  }

  /** {@link WeightedGather.WeightGradient}. */
  static void weightGradient(Node node, Compiler compiler) {
    Value indices = node.operand(2);
    int slots = (int) (indices.shape().elements() / node.operand(0).shape().rows());
    compiler.add(
        new GatherWeightGradientKernel(
            gathered(node.operand(1), indices, slots, compiler),
            compiler.at(node.operand(0)),
            compiler.at(node.result(0))));
  }

  private static GatheredRows gathered(Value values, Value indices, int slots, Compiler compiler) {
    return new GatheredRows(
        compiler.at(values),
        values.shape().size(0),
        values.shape().columns(),
        compiler.at(indices),
        (int) (indices.shape().elements() / slots),
        slots);
  }

  /** {@link WeightedGather.ValueGradient}. */
  static void valueGradient(WeightedGather.ValueGradient op, Node node, Compiler compiler) {
    Shape values = node.result(0).shape();
    compiler.add(
        new GatherValueGradientKernel(
            new GatherValueGradientKernel.Sizes(
                values.size(0),
                values.columns(),
                Math.toIntExact(node.operand(1).shape().elements()),
                op.slots()),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.operand(2)),
            compiler.at(node.operand(3)),
            compiler.at(node.result(0))));
  }
}
