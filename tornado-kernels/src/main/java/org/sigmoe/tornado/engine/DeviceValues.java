package org.sigmoe.tornado.engine;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/** Where the values of one graph lie on the device. Variables lie with the engine. */
final class DeviceValues implements AutoCloseable {
  private final DeviceMemory memory;
  private final BufferPlan plan;
  private final List<DeviceArray> own = new ArrayList<>();
  private final List<DeviceArray> buffers = new ArrayList<>();
  private final @Nullable DeviceArray[] arrays;

  /**
   * Allocates everything but variables.
   *
   * @param apart results that do not lie where the plan puts them, but in places of their own
   */
  DeviceValues(TornadoEngine engine, Graph graph, BufferPlan plan, Set<Value> apart) {
    this.memory = engine.memory();
    this.plan = plan;
    this.arrays = new DeviceArray[graph.values().size()];
    try {
      for (BufferPlan.Buffer buffer : plan.buffers()) {
        DeviceArray array = memory.allocate(buffer.dtype(), buffer.elements(), "A buffer");
        own.add(array);
        buffers.add(array);
      }
      for (Value value : graph.values()) {
        arrays[value.id()] = place(engine, value);
      }
      for (Value value : apart) {
        DeviceArray array = allocate(value);
        buffers.add(array);
        arrays[value.id()] = array;
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private @Nullable DeviceArray place(TornadoEngine engine, Value value) {
    return switch (value.origin()) {
      case Value.Input() -> {
        DeviceArray array = allocate(value);
        try (Arena staging = Arena.ofConfined()) {
          memory.write(array, staging.allocate(array.bytes(), Integer.BYTES));
        }
        yield array;
      }
      case Value.Constant(var elements) -> {
        DeviceArray array = allocate(value);
        try (Arena staging = Arena.ofConfined()) {
          memory.write(array, staging.allocateFrom(ValueLayout.JAVA_FLOAT, elements.get()));
        }
        yield array;
      }
      case Value.Held(var variable) -> engine.storage(variable);
      case Value.Result(var _, int _) -> {
        int buffer = plan.bufferOf(value);
        yield buffer < 0 ? null : buffers.get(buffer);
      }
    };
  }

  private DeviceArray allocate(Value value) {
    TensorType type = value.type();
    DeviceArray array = memory.allocate(type.dtype(), type.shape().elements(), value.toString());
    own.add(array);
    return array;
  }

  /** The array of a value. */
  DeviceArray array(Value value) {
    DeviceArray array = arrays[value.id()];
    if (array == null) {
      throw new IllegalStateException(value + " is not part of the schedule");
    }
    return array;
  }

  /** Arrays of results, which every run writes again. */
  List<DeviceArray> buffers() {
    return buffers;
  }

  /** Bytes of everything but variables. */
  long bytes() {
    return own.stream().mapToLong(DeviceArray::bytes).sum();
  }

  /** Bytes of inputs and constants. */
  static long fixedBytes(Graph graph) {
    return graph.values().stream()
        .filter(
            value ->
                value.origin() instanceof Value.Input || value.origin() instanceof Value.Constant)
        .mapToLong(value -> value.type().bytes())
        .sum();
  }

  @Override
  public void close() {
    own.forEach(memory::free);
    own.clear();
  }
}
