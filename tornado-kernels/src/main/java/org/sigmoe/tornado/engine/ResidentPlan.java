package org.sigmoe.tornado.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sigmoe.nn.engine.CompileListener;
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
 * Task graphs that run one after the other over arrays which were allocated before and stay where
 * they are. No task graph transfers anything.
 *
 * <p>To TornadoVM all arrays look as if another task graph had left them on the device
 * (consumeFromDevice). It would take over, before each run, the buffers of the task graph that ran
 * last; that is only right for arrays that this one has too, so the task graphs consume from each
 * other nothing but one array that they all have.
 */
final class ResidentPlan implements AutoCloseable {
  private static final String NAME = "sigmoe";

  private final TornadoExecutionPlan plan;
  private final List<List<DeviceTask>> taskLists;
  private final Device device;

  /**
   * Builds and compiles.
   *
   * @param tasks in order
   * @param link an array that no task uses
   * @param buffers where each array lies
   * @param listener is told how many kernels are compiled
   * @throws EngineException if a kernel does not compile, with its name
   */
  ResidentPlan(
      List<DeviceTask> tasks,
      Object link,
      Map<Object, XPUBuffer> buffers,
      Device device,
      CompileListener listener) {
    this.taskLists = TaskGraphs.split(tasks);
    this.device = device;
    List<ImmutableTaskGraph> graphs = new ArrayList<>();
    GridScheduler threads = new GridScheduler();
    for (int i = 0; i < taskLists.size(); i++) {
      TaskGraph graph = taskGraph(i, link, threads);
      ImmutableTaskGraph snapshot = graph.snapshot();
      DeviceBuffers.assign(snapshot, device.tornado(), buffers);
      graphs.add(snapshot);
    }
    this.plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
    plan.withDevice(device.tornado());
    if (tasks.stream().anyMatch(task -> task.threads() != null)) {
      plan.withGridScheduler(threads);
    }
    if (device.backend() == Backend.CUDA) {
      plan.withCUDAGraph();
    }
    compile(listener);
  }

  private static String name(int graph) {
    return NAME + graph;
  }

  private static String id(int task) {
    return "t" + task;
  }

  private TaskGraph taskGraph(int index, Object link, GridScheduler threads) {
    List<DeviceTask> tasks = taskLists.get(index);
    TaskGraph graph = new TaskGraph(name(index));
    Set<Object> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    for (DeviceTask task : tasks) {
      for (Object argument : task.arguments()) {
        if (!(argument instanceof Number) && !(argument instanceof KernelContext)) {
          arrays.add(argument);
        }
      }
    }
    graph.consumeFromDevice(NAME, arrays.toArray());
    for (int other = 0; other < taskLists.size(); other++) {
      graph.consumeFromDevice(name(other), link);
    }
    for (int i = 0; i < tasks.size(); i++) {
      DeviceTask task = tasks.get(i);
      try {
        task.adder().accept(graph, id(i));
      } catch (RuntimeException e) {
        throw new EngineException("TornadoVM refused " + task + ": " + e.getMessage(), e);
      }
      if (task.threads() != null) {
        threads.addWorkerGrid(name(index) + "." + id(i), task.threads());
      }
    }
    return graph;
  }

  private void compile(CompileListener listener) {
    int done = 0;
    int all = taskLists.stream().mapToInt(List::size).sum();
    listener.compiled(done, all);
    for (int i = 0; i < taskLists.size(); i++) {
      compile(i);
      done += taskLists.get(i).size();
      listener.compiled(done, all);
    }
  }

  private void compile(int graph) {
    try {
      plan.withGraph(graph).withPreCompilation();
    } catch (RuntimeException e) {
      throw new EngineException(
          "TornadoVM could not compile one of the kernels "
              + taskLists.get(graph).stream().map(DeviceTask::kernel).distinct().sorted().toList()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Number of task graphs. */
  int graphs() {
    return taskLists.size();
  }

  /** Runs all task graphs and waits until the device has done them. */
  void run() {
    for (int i = 0; i < taskLists.size(); i++) {
      plan.withGraph(i).execute();
    }
  }

  @Override
  public void close() {
    try {
      plan.withAllGraphs();
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
