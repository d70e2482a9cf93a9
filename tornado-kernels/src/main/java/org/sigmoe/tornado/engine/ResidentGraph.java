package org.sigmoe.tornado.engine;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.device.Device;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.memory.XPUBuffer;

/**
 * One task graph over arrays that were allocated before and stay where they are: it transfers
 * nothing.
 *
 * <p>To TornadoVM all arrays look as if another task graph had left them on the device
 * (consumeFromDevice). Before each run it would take over the buffers of the task graph that ran
 * last, all of them anew each time, had it not been told of one array alone that it shares with
 * that one, which is itself.
 *
 * <p>Each has an execution plan of its own: a plan of several compares the names of all tasks of
 * all its task graphs before each run of one, which took 6% of a training step.
 */
final class ResidentGraph implements AutoCloseable {
  private static final String NAME = "sigmoe";

  private final List<DeviceTask> tasks;
  private final Device device;
  private final ImmutableTaskGraph graph;
  private final TornadoExecutionPlan plan;

  /**
   * Builds it.
   *
   * @param tasks in order, within TornadoVM's limits
   * @param link an array that no task uses
   * @param buffers where each array lies
   */
  ResidentGraph(
      List<DeviceTask> tasks, Object link, Map<Object, XPUBuffer> buffers, Device device) {
    this.tasks = tasks;
    this.device = device;
    this.graph = taskGraph(tasks, link, device).snapshot();
    TornadoInternals.place(graph, device.tornado(), buffers);
    this.plan = new TornadoExecutionPlan(graph);
    plan.withDevice(device.tornado());
    if (tasks.stream().anyMatch(task -> task.threads() != null)) {
      plan.withGridScheduler(threads(tasks));
    }
    if (device.backend() == Backend.CUDA) {
      plan.withCUDAGraph();
    }
  }

  private static TaskGraph taskGraph(List<DeviceTask> tasks, Object link, Device device) {
    TaskGraph graph = new TaskGraph(NAME);
    TornadoInternals.target(graph, device.tornado());
    graph.consumeFromDevice("memory", arrays(tasks));
    graph.consumeFromDevice(NAME, link);
    for (int i = 0; i < tasks.size(); i++) {
      try {
        tasks.get(i).adder().accept(graph, id(i));
      } catch (RuntimeException e) {
        throw new EngineException("TornadoVM refused " + tasks.get(i) + ": " + e.getMessage(), e);
      }
    }
    return graph;
  }

  private static Object[] arrays(List<DeviceTask> tasks) {
    Set<Object> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (DeviceTask task : tasks) {
      for (Object argument : task.arguments()) {
        if (!(argument instanceof Number) && !(argument instanceof KernelContext)) {
          arrays.add(argument);
        }
      }
    }
    return arrays.toArray();
  }

  private static GridScheduler threads(List<DeviceTask> tasks) {
    GridScheduler threads = new GridScheduler();
    for (int i = 0; i < tasks.size(); i++) {
      if (tasks.get(i).threads() != null) {
        threads.addWorkerGrid(NAME + "." + id(i), tasks.get(i).threads());
      }
    }
    return threads;
  }

  private static String id(int task) {
    return "t" + task;
  }

  /**
   * Compiles all kernels.
   *
   * @throws EngineException if one does not compile, with the names of all
   */
  void compile() {
    try {
      plan.withPreCompilation();
    } catch (RuntimeException e) {
      throw new EngineException(
          "TornadoVM could not compile one of the kernels "
              + tasks.stream().map(DeviceTask::kernel).distinct().sorted().toList()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Number of tasks. */
  int size() {
    return tasks.size();
  }

  /** Runs it and waits until the device is done. */
  void run() {
    plan.execute();
    TornadoInternals.forgetResults(plan);
  }

  /** The number of its execution plan, by which TornadoVM knows its stream. */
  long planId() {
    return plan.getId();
  }

  /** The CUDA graph, a {@code CUgraphExec}, that TornadoVM recorded when it first ran. */
  long recorded() {
    return TornadoInternals.recorded(graph);
  }

  @Override
  public void close() {
    try {
      plan.close();
      // TornadoVM frees what is this plan's alone, but then refuses to run every other plan of the
      // device that was compiled before.
      device.tornado().getDeviceContext().setResetToFalse();
    } catch (TornadoExecutionPlanException e) {
      throw new EngineException(
          "TornadoVM could not close an execution plan: " + e.getMessage(), e);
    }
  }
}
