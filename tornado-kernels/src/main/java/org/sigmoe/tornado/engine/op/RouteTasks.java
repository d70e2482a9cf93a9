package org.sigmoe.tornado.engine.op;

import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.CapacityMask;
import org.sigmoe.nn.graph.op.Route;
import org.sigmoe.tornado.kernel.GroupRowKernels;
import org.sigmoe.tornado.kernel.LaunchShapes;
import org.sigmoe.tornado.kernel.RouteShape;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Tasks of {@link Route} and of what is computed from its results alone: {@link CapacityMask} and
 * {@link org.sigmoe.nn.graph.op.Fractions}.
 */
final class RouteTasks {
  private RouteTasks() {}

  static void route(Route op, Node node, Lowering to) {
    new RouteShape(Elements.of(node.operand(0)), op.groups())
        .addTo(
            to,
            to.ints(node.operand(0)),
            to.ints(node.result(0)),
            to.ints(node.result(1)),
            to.ints(node.result(2)));
  }

  static void capacityMask(CapacityMask op, Node node, Lowering to) {
    IntArray order = to.ints(node.operand(0));
    IntArray offsets = to.ints(node.operand(1));
    FloatArray mask = to.floats(node.result(0));
    int rows = Elements.of(node.operand(0));
    int groups = Elements.of(node.operand(1)) - 1;
    to.task(
        "capacityMask",
        LaunchShapes.elements(rows),
        id ->
            new TaskPackage(
                id,
                GroupRowKernels::capacityMask,
                to.context(),
                order,
                offsets,
                rows,
                groups,
                op.capacity(),
                mask));
  }

  static void fractions(Node node, Lowering to) {
    IntArray counts = to.ints(node.operand(0));
    FloatArray shares = to.floats(node.result(0));
    int groups = Elements.of(node.operand(0));
    to.task(
        "fractions",
        LaunchShapes.groups(1),
        id ->
            new TaskPackage(id, GroupRowKernels::fractions, to.context(), counts, groups, shares));
  }
}
