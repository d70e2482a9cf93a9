package org.sigmoe.nn.engine.cpu;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.CapacityMask;
import org.sigmoe.nn.graph.op.Route;

/** The kernels that sort rows by group, and those that go over sorted rows without a product. */
final class SortedRowKernels {
  private SortedRowKernels() {}

  static void route(Route op, Node node, Compiler compiler) {
    int slots = node.result(0).shape().size(0);
    Split split = RouteKernels.split(slots, op.groups());
    RouteKernels route =
        new RouteKernels(
            split,
            op.groups(),
            compiler.at(node.operand(0)),
            compiler.partials((long) split.chunks() * op.groups()),
            compiler.at(node.result(0)),
            compiler.at(node.result(1)),
            compiler.at(node.result(2)));
    route.all().forEach(compiler::add);
  }

  static void addBias(Node node, Compiler compiler) {
    Shape x = node.operand(0).shape();
    int groups = node.operand(1).shape().size(0);
    compiler.add(
        new AddGroupBiasKernel(
            new SortedRows(0, compiler.at(node.operand(2)), groups),
            x.rows(),
            x.columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.operand(1)),
            compiler.at(node.result(0))));
  }

  static void sumRows(Node node, Compiler compiler) {
    Shape sums = node.result(0).shape();
    compiler.add(
        new GroupSumRowsKernel(
            new SortedRows(0, compiler.at(node.operand(1)), sums.size(0)),
            sums.columns(),
            compiler.at(node.operand(0)),
            compiler.at(node.result(0))));
  }

  static void capacityMask(CapacityMask op, Node node, Compiler compiler) {
    int groups = node.operand(1).shape().size(0) - 1;
    compiler.add(
        new CapacityMaskKernel(
            new SortedRows(compiler.at(node.operand(0)), compiler.at(node.operand(1)), groups),
            node.operand(0).shape().size(0),
            op.capacity(),
            compiler.at(node.result(0))));
  }

  static void fractions(Node node, Compiler compiler) {
    int groups = node.result(0).shape().size(0);
    compiler.add(
        new FractionsKernel(groups, compiler.at(node.operand(0)), compiler.at(node.result(0))));
  }
}
