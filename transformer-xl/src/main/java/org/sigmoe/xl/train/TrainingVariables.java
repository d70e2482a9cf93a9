package org.sigmoe.xl.train;

import java.lang.foreign.Arena;
import java.util.List;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.xl.checkpoint.Checkpoint;
import org.sigmoe.xl.checkpoint.CheckpointFile;
import org.sigmoe.xl.checkpoint.CheckpointTensors;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.StoredVariables;
import org.sigmoe.xl.model.TrainingGraph;
import org.sigmoe.xl.model.Weights;

/**
 * All that a training keeps in its engine from step to step, by the file of a checkpoint that holds
 * it.
 *
 * @param weights the model's parameters
 * @param moments the optimiser's state
 * @param memory what is carried from segment to segment, for each part of the batch. A checkpoint
 *     has it for the whole batch, so that a run can go on with another number of parts.
 */
record TrainingVariables(
    List<Variable> weights, List<Variable> moments, List<List<Variable>> memory) {

  static TrainingVariables of(LanguageModel model, TrainingGraph graph) {
    return new TrainingVariables(
        Weights.variables(model),
        graph.update().orElseThrow().stateVariables(),
        graph.parts().stream().map(part -> part.memory().layers()).toList());
  }

  /** Bytes of all of them. */
  long bytes() {
    return StoredVariables.bytes(weights)
        + StoredVariables.bytes(moments)
        + memory.stream().mapToLong(StoredVariables::bytes).sum();
  }

  /** Copies a checkpoint to an engine. */
  void load(Checkpoint checkpoint, Engine engine) throws CheckpointException {
    StoredVariables.load(checkpoint.file(CheckpointFile.MODEL), weights, engine);
    StoredVariables.load(checkpoint.file(CheckpointFile.OPTIMIZER), moments, engine);
    StoredVariables.loadParts(checkpoint.file(CheckpointFile.MEMORY), memory, engine);
  }

  /** Makes room for a copy of all of them. */
  Copy copy(Arena arena) {
    return new Copy(
        new StoredVariables(weights, arena),
        new StoredVariables(moments, arena),
        StoredVariables.ofParts(memory, arena));
  }

  /** A copy, overwritten each time it is taken. */
  record Copy(StoredVariables weights, StoredVariables moments, StoredVariables memory) {

    /** Takes the copy. */
    CheckpointTensors take(Engine engine) {
      return new CheckpointTensors(weights.read(engine), moments.read(engine), memory.read(engine));
    }
  }
}
