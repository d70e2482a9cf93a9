package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.clear_cache;
import static org.bytedeco.pytorch.global.torch.set_autocast_dtype;
import static org.bytedeco.pytorch.global.torch.set_autocast_enabled;

import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.sigmoe.nn.engine.Precision;

/**
 * {@code torch.autocast("cpu", torch.bfloat16)} for a block of the calling thread: products run in
 * bf16, the loss in f32, each weight is rounded once. Backward follows the types of forward and
 * belongs outside the block.
 */
final class Autocast implements AutoCloseable {
  private final boolean enabled;

  /** Begins the block; with {@link Precision#F32} it changes nothing. */
  Autocast(Precision precision) {
    enabled = productType(precision) == ScalarType.BFloat16;
    if (enabled) {
      set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
      set_autocast_enabled(DeviceType.CPU, true);
    }
  }

  /** The type of what a product gives in such a block. */
  static ScalarType productType(Precision precision) {
    return switch (precision) {
      case F32 -> ScalarType.Float;
      case BF16 -> ScalarType.BFloat16;
      case TF32 ->
          throw new IllegalArgumentException(
              "libtorch knows tf32 on NVIDIA alone; on a processor it is f32 or bf16");
    };
  }

  /** Ends the block and forgets the rounded weights, which the optimiser is about to change. */
  @Override
  public void close() {
    if (enabled) {
      set_autocast_enabled(DeviceType.CPU, false);
      clear_cache();
    }
  }
}
