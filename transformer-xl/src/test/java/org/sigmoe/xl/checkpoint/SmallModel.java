package org.sigmoe.xl.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.checkpoint.ElementType;
import org.sigmoe.nn.checkpoint.NamedTensor;
import org.sigmoe.nn.checkpoint.TensorSpec;

/** The tensors of a model of a few numbers, each of which follows from the step. */
final class SmallModel {

  private static final long WIDTH = 17;

  private final Arena arena = Arena.ofAuto();
  private final CheckpointTensors tensors =
      new CheckpointTensors(
          List.of(
              tensor("embedding.weight", ElementType.F32, 5, WIDTH),
              tensor("layers.0.self_attn.scale", ElementType.F32)),
          List.of(
              tensor("embedding.weight.exp_avg", ElementType.F32, 5, WIDTH),
              tensor("embedding.weight.exp_avg_sq", ElementType.F32, 5, WIDTH)),
          List.of(
              tensor("memory.0", ElementType.F32, 2, 3, WIDTH), tensor("ids", ElementType.I32, 3)));

  static SmallModel empty() {
    return new SmallModel();
  }

  static SmallModel at(long step) {
    SmallModel model = new SmallModel();
    int value = (int) step * 1000;
    for (NamedTensor tensor : model.all()) {
      MemorySegment data = tensor.data();
      for (long i = 0; i < data.byteSize() / 4; i++) {
        data.setAtIndex(ValueLayout.JAVA_INT, i, value++);
      }
    }
    return model;
  }

  static TrainingState state(long step, @Nullable Double validationLoss) {
    return new TrainingState(
        step,
        step * 1000,
        new TrainingState.DataPosition(step / 7, step % 7),
        new TrainingState.DropoutPosition(-42, step),
        validationLoss,
        null,
        "fingerprint");
  }

  CheckpointTensors tensors() {
    return tensors;
  }

  boolean equalsAt(long step) {
    List<NamedTensor> mine = all();
    List<NamedTensor> expected = at(step).all();
    for (int i = 0; i < mine.size(); i++) {
      if (mine.get(i).data().mismatch(expected.get(i).data()) >= 0) {
        return false;
      }
    }
    return true;
  }

  private List<NamedTensor> all() {
    return Stream.of(CheckpointFile.values()).flatMap(file -> tensors.of(file).stream()).toList();
  }

  private NamedTensor tensor(String name, ElementType type, long... shape) {
    TensorSpec spec = TensorSpec.of(name, type, shape);
    return new NamedTensor(spec, arena.allocate(spec.byteSize(), type.bytes()));
  }
}
