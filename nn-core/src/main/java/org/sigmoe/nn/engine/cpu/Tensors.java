package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;

/** Where the values of a program lie. */
final class Tensors {
  /** Cache lines, and the widest vectors. */
  private static final long ALIGNMENT = 64;

  private final MemorySegment[] segments;
  private final BufferPlan plan;
  private final MemorySegment[] buffers;

  /** Allocates all working memory of a graph; variables lie with the engine. */
  Tensors(CpuEngine engine, Arena arena, Graph graph, BufferPlan plan) {
    this.plan = plan;
    this.buffers =
        plan.buffers().stream()
            .map(buffer -> allocate(arena, buffer.bytes()))
            .toArray(MemorySegment[]::new);
    this.segments = new MemorySegment[graph.values().size()];
    Arrays.fill(segments, MemorySegment.NULL);
    for (Value value : graph.values()) {
      segments[value.id()] = place(engine, arena, value);
    }
  }

  private MemorySegment place(CpuEngine engine, Arena arena, Value value) {
    return switch (value.origin()) {
      case Value.Input() -> allocate(arena, value.type());
      case Value.Constant(var elements) -> {
        MemorySegment segment = allocate(arena, value.type());
        segment.copyFrom(MemorySegment.ofArray(elements.get()));
        yield segment;
      }
      case Value.Held(var variable) -> engine.storage(variable);
      case Value.Result(var _, int _) -> {
        int buffer = plan.bufferOf(value);
        yield buffer < 0 ? MemorySegment.NULL : buffers[buffer].asSlice(0, value.type().bytes());
      }
    };
  }

  /** Zeroed memory for a tensor, up to the end of its last vector. */
  static MemorySegment allocate(Arena arena, TensorType type) {
    return allocate(arena, type.bytes());
  }

  private static MemorySegment allocate(Arena arena, long bytes) {
    return arena.allocate(Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT, ALIGNMENT);
  }

  /** The memory of a value. */
  MemorySegment segment(Value value) {
    return segments[value.id()];
  }

  /** The address of a value. */
  long address(Value value) {
    MemorySegment segment = segments[value.id()];
    if (segment.address() == 0) {
      throw new IllegalStateException(value + " is not part of the schedule");
    }
    return segment.address();
  }

  /** Fills buffers as an engine's options say. */
  void prepare(EngineOptions.BufferFill fill) {
    if (fill == EngineOptions.BufferFill.POISON) {
      for (MemorySegment buffer : buffers) {
        Blocks.fill(buffer.address(), buffer.byteSize() / Float.BYTES, Float.NaN);
      }
    }
  }

  /** Bytes of the inputs and constants of a graph. */
  static long fixedBytes(Graph graph) {
    return graph.values().stream()
        .filter(
            value ->
                value.origin() instanceof Value.Input || value.origin() instanceof Value.Constant)
        .mapToLong(value -> value.type().bytes())
        .sum();
  }
}
