package org.sigmoe.tornado.engine;

import java.lang.reflect.Field;
import java.util.Map;
import org.sigmoe.nn.engine.EngineException;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.memory.XPUBuffer;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;
import uk.ac.manchester.tornado.runtime.graph.TornadoExecutionContext;
import uk.ac.manchester.tornado.runtime.tasks.LocalObjectState;
import uk.ac.manchester.tornado.runtime.tasks.TornadoTaskGraph;

/**
 * Tells a task graph where its arrays lie. TornadoVM's API has no way to say so; this is the one
 * place that reaches into its inside.
 */
final class DeviceBuffers {
  private DeviceBuffers() {}

  /** Gives every array of {@code graph} that has a buffer in the table this buffer. */
  static void assign(
      ImmutableTaskGraph graph, TornadoDevice device, Map<Object, XPUBuffer> buffers) {
    for (LocalObjectState state : context(graph).getObjectStates()) {
      XPUBuffer buffer = buffers.get(state.getObject());
      if (buffer != null) {
        state
            .getDataObjectState()
            .getDeviceBufferState((TornadoXPUDevice) device)
            .setXPUBuffer(buffer);
      }
    }
  }

  private static TornadoExecutionContext context(ImmutableTaskGraph graph) {
    Object mutable = get(ImmutableTaskGraph.class, "taskGraph", graph);
    Object inside = get(TaskGraph.class, "taskGraphImpl", mutable);
    return (TornadoExecutionContext) get(TornadoTaskGraph.class, "executionContext", inside);
  }

  private static Object get(Class<?> type, String field, Object object) {
    try {
      Field declared = type.getDeclaredField(field);
      declared.setAccessible(true);
      return declared.get(object);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new EngineException(
          "This version of TornadoVM is built otherwise than the one that Sigmoe knows: "
              + e.getMessage(),
          e);
    }
  }
}
