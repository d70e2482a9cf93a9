package org.sigmoe.tornado.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.sigmoe.nn.engine.EngineException;

/**
 * Splits a list of tasks into as few lists as TornadoVM's limits on a task graph allow: {@value
 * #MAX_TASKS} tasks, {@value #MAX_NODES} nodes and {@value #MAX_CODE} bytes of its code. TornadoVM
 * makes nodes of tasks, of each array and each distinct scalar, of the use of an array (at most
 * two) and of each result of a task; it writes code for each task and each of its arguments.
 */
final class TaskGraphs {
  static final int MAX_TASKS = 256;
  static final int MAX_NODES = 1024;
  static final int MAX_CODE = 8192;

  /** Most arguments of a task. */
  static final int MAX_ARGUMENTS = 20;

  /** Nodes of the device, of its allocations, and of the array that links task graphs. */
  private static final int FIXED_NODES = 2 + 3;

  private static final int NODES_OF_ARRAY = 3;

  private static final int CODE_OF_TASK = 15;
  private static final int CODE_OF_ARGUMENT = 5;

  private TaskGraphs() {}

  /**
   * The lists, in order.
   *
   * @throws EngineException if one task alone is over the limits
   */
  static List<List<DeviceTask>> split(List<DeviceTask> tasks) {
    List<List<DeviceTask>> graphs = new ArrayList<>();
    List<DeviceTask> current = new ArrayList<>();
    Counter counter = new Counter();
    for (DeviceTask task : tasks) {
      if (task.arguments().size() > MAX_ARGUMENTS) {
        throw new EngineException(
            "%s has %d arguments; TornadoVM takes at most %d"
                .formatted(task, task.arguments().size(), MAX_ARGUMENTS));
      }
      if (!current.isEmpty() && (current.size() == MAX_TASKS || !counter.hasRoomFor(task))) {
        graphs.add(current);
        current = new ArrayList<>();
        counter = new Counter();
      }
      counter.add(task);
      current.add(task);
    }
    if (!current.isEmpty()) {
      graphs.add(current);
    }
    return graphs;
  }

  /** Counts the nodes of a task graph: never fewer than TornadoVM makes. */
  private static final class Counter {
    private final Set<Object> scalars = new HashSet<>();
    private final Set<Object> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes = FIXED_NODES;
    private int code;

    boolean hasRoomFor(DeviceTask task) {
      return with(task) <= MAX_NODES && code + codeOf(task) <= MAX_CODE;
    }

    private static int codeOf(DeviceTask task) {
      return CODE_OF_TASK + task.arguments().size() * CODE_OF_ARGUMENT;
    }

    void add(DeviceTask task) {
      nodes = with(task);
      code += codeOf(task);
      for (Object argument : task.arguments()) {
        (isScalar(argument) ? scalars : arrays).add(argument);
      }
    }

    private int with(DeviceTask task) {
      int sum = nodes + 1;
      Set<Object> added = Collections.newSetFromMap(new IdentityHashMap<>());
      for (Object argument : task.arguments()) {
        if (isScalar(argument)) {
          sum += scalars.contains(argument) ? 0 : 1;
        } else {
          sum += 1;
          sum += arrays.contains(argument) || !added.add(argument) ? 0 : NODES_OF_ARRAY;
        }
      }
      return sum;
    }

    private static boolean isScalar(Object argument) {
      return argument instanceof Number;
    }
  }
}
