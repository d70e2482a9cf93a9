package org.sigmoe.tornado.engine;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.engine.EngineException;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoTaskGraphInterface;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.memory.XPUBuffer;
import uk.ac.manchester.tornado.runtime.TornadoVM;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;
import uk.ac.manchester.tornado.runtime.graph.TornadoExecutionContext;
import uk.ac.manchester.tornado.runtime.interpreter.TornadoVMInterpreter;
import uk.ac.manchester.tornado.runtime.tasks.LocalObjectState;
import uk.ac.manchester.tornado.runtime.tasks.TornadoTaskGraph;

/**
 * The one place that reaches into the inside of TornadoVM, for what its API has no way to say. It
 * is why the engine needs {@code tornado.api} opened.
 */
final class TornadoInternals {
  private static final Field TASK_GRAPH = field(ImmutableTaskGraph.class, "taskGraph");
  private static final Field IMPLEMENTATION = field(TaskGraph.class, "taskGraphImpl");
  private static final Field CONTEXT = field(TornadoTaskGraph.class, "executionContext");
  private static final Field MACHINE = field(TornadoTaskGraph.class, "vm");
  private static final Field INTERPRETERS = field(TornadoVM.class, "tornadoVMInterpreters");
  private static final Field RECORDED = field(TornadoVMInterpreter.class, "executionGraphHandles");
  private static final Field RESULTS = field(TornadoExecutionPlan.class, "planResults");

  private TornadoInternals() {}

  /**
   * Has the tasks that will be added to {@code graph} read by the backend of {@code device}.
   * TornadoVM reads a task when it is added, and would else use its first backend's intrinsics,
   * which may lack the task's: OpenCL knows no tensor cores. A snapshot of the graph forgets the
   * device, so that an execution plan needs to be told too.
   */
  static void target(TaskGraph graph, TornadoDevice device) {
    ((TornadoTaskGraphInterface) get(IMPLEMENTATION, graph)).setDevice(device);
  }

  /** Gives every array of {@code graph} that has a buffer in the table this buffer. */
  static void place(
      ImmutableTaskGraph graph, TornadoDevice device, Map<Object, XPUBuffer> buffers) {
    Object implementation = get(IMPLEMENTATION, get(TASK_GRAPH, graph));
    TornadoExecutionContext context = (TornadoExecutionContext) get(CONTEXT, implementation);
    for (LocalObjectState state : context.getObjectStates()) {
      XPUBuffer buffer = buffers.get(state.getObject());
      if (buffer != null) {
        state
            .getDataObjectState()
            .getDeviceBufferState((TornadoXPUDevice) device)
            .setXPUBuffer(buffer);
      }
    }
  }

  /**
   * The CUDA graph that was recorded when {@code graph} first ran, a {@code CUgraphExec}.
   *
   * @throws EngineException if there is none, or more than one
   */
  static long recorded(ImmutableTaskGraph graph) {
    Object machine = get(MACHINE, get(IMPLEMENTATION, get(TASK_GRAPH, graph)));
    Object[] interpreters = (Object[]) get(INTERPRETERS, machine);
    Map<?, ?> recorded = (Map<?, ?>) get(RECORDED, interpreters[0]);
    if (interpreters.length != 1 || recorded.size() != 1) {
      throw new EngineException(
          "TornadoVM recorded %d CUDA graphs with %d interpreters where one of each was expected"
              .formatted(recorded.size(), interpreters.length));
    }
    return (Long) recorded.values().iterator().next();
  }

  /** Drops the results of all runs, of which a plan keeps a list that only grows. */
  static void forgetResults(TornadoExecutionPlan plan) {
    ((List<?>) get(RESULTS, plan)).clear();
  }

  private static Field field(Class<?> type, String name) {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw unknownVersion(e);
    }
  }

  private static Object get(Field field, Object object) {
    try {
      return field.get(object);
    } catch (ReflectiveOperationException e) {
      throw unknownVersion(e);
    }
  }

  private static EngineException unknownVersion(Exception cause) {
    return new EngineException(
        "This version of TornadoVM is built otherwise than the one that Sigmoe knows: "
            + cause.getMessage(),
        cause);
  }
}
