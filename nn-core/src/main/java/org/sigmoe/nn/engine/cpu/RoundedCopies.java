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

  /** Address of a value's copy; appends the kernel that makes it if there is none yet. */
  long of(Value value, List<Kernel> kernels) {
    return copies.computeIfAbsent(
        value,
        v -> {
          long elements = v.shape().elements();
          long size = Bf16.BYTES * elements;
          bytes += size;
          long copy = arena.allocate(size, 64).address();
          kernels.add(new RoundKernel(elements, tensors.address(v), copy));
          return copy;
        });
  }

  /** Bytes of all copies. */
  long bytes() {
    return bytes;
  }
}
