package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.engine.cpu.gemm.Bf16;
import org.sigmoe.nn.graph.Value;

/**
 * The operands of products, rounded to bf16. A value is rounded once a run, before the first
 * product that uses it, however many do: values do not change once they are computed, and variables
 * are updated at the end.
 */
final class RoundedCopies {
  private final Arena arena;
  private final Tensors tensors;
  private final Map<Value, Long> copies = new HashMap<>();
  private long bytes;

  RoundedCopies(Arena arena, Tensors tensors) {
    this.arena = arena;
    this.tensors = tensors;
  }

  /** Address of a copy that the kernel which computes the value writes itself. */
  long written(Value value) {
    return copies.computeIfAbsent(value, this::allocate);
  }

  /** Address of a value's copy; appends the kernel that makes it if there is none yet. */
  long of(Value value, List<Kernel> kernels) {
    return copies.computeIfAbsent(
        value,
        v -> {
          long copy = allocate(v);
          kernels.add(new RoundKernel(v.shape().elements(), tensors.address(v), copy));
          return copy;
        });
  }

  private long allocate(Value value) {
    long size = Bf16.BYTES * value.shape().elements();
    bytes += size;
    return arena.allocate(size, 64).address();
  }

  /** Bytes of all copies. */
  long bytes() {
    return bytes;
  }
}
