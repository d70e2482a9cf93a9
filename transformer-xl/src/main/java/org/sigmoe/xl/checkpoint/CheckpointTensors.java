package org.sigmoe.xl.checkpoint;

import java.util.List;
import org.sigmoe.nn.checkpoint.NamedTensor;

/**
 * All tensors of a run: read when a checkpoint is saved, written when one is loaded.
 *
 * @param model the weights
 * @param optimizer the optimiser's moments
 * @param memory carried memory and other variables of the engine
 */
public record CheckpointTensors(
    List<NamedTensor> model, List<NamedTensor> optimizer, List<NamedTensor> memory) {

  /** Copies the lists, not the tensors. */
  public CheckpointTensors {
    model = List.copyOf(model);
    optimizer = List.copyOf(optimizer);
    memory = List.copyOf(memory);
  }

  /** Returns the tensors of one file. */
  public List<NamedTensor> of(CheckpointFile file) {
    return switch (file) {
      case MODEL -> model;
      case OPTIMIZER -> optimizer;
      case MEMORY -> memory;
    };
  }

  /** Returns the bytes of all tensors together. */
  long byteSize() {
    long size = 0;
    for (CheckpointFile file : CheckpointFile.values()) {
      for (NamedTensor tensor : of(file)) {
        size += tensor.data().byteSize();
      }
    }
    return size;
  }
}
