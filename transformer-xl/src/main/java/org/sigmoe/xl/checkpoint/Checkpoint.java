package org.sigmoe.xl.checkpoint;

import java.nio.file.Path;
import java.util.Collection;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.FileDigest;
import org.sigmoe.nn.checkpoint.NamedTensor;
import org.sigmoe.nn.checkpoint.SafetensorsReader;

/** A checkpoint whose files were found to be what was written. */
public final class Checkpoint {

  private final Path folder;
  private final TrainingState state;

  private Checkpoint(Path folder, TrainingState state) {
    this.folder = folder;
    this.state = state;
  }

  /**
   * Reads the state of a checkpoint and checks size and SHA-256 of every tensor file.
   *
   * @param folder the folder of the checkpoint, named by its step
   * @throws CheckpointException if anything is missing or altered; says what
   */
  public static Checkpoint verify(Path folder) throws CheckpointException {
    StateFile file = StateFile.read(folder);
    if (CheckpointCatalog.stepOf(folder).orElse(-1) != file.state().step()) {
      throw new CheckpointException(
          folder + " was renamed: it is the checkpoint of step " + file.state().step());
    }
    for (CheckpointFile tensors : CheckpointFile.values()) {
      FileDigest digest = file.files().get(tensors.fileName());
      if (digest == null) {
        throw new CheckpointException(
            folder.resolve(StateFile.NAME) + " says nothing of " + tensors.fileName());
      }
      digest.verify(folder.resolve(tensors.fileName()));
    }
    return new Checkpoint(folder, file.state());
  }

  /** Returns the folder of the checkpoint. */
  public Path folder() {
    return folder;
  }

  /** Returns everything but the tensors. */
  public TrainingState state() {
    return state;
  }

  /** Returns the path of a tensor file. */
  public Path file(CheckpointFile file) {
    return folder.resolve(file.fileName());
  }

  /**
   * Copies the tensors of one file to where the model keeps them, for instance only the weights for
   * an evaluation.
   *
   * @throws CheckpointException if the file holds other tensors than these by name, element type or
   *     shape; names the first that differ, and nothing is copied
   */
  public void load(CheckpointFile file, Collection<NamedTensor> targets)
      throws CheckpointException {
    try (SafetensorsReader reader = SafetensorsReader.open(file(file))) {
      reader.loadInto(targets);
    }
  }

  /**
   * Copies all tensors to where a run keeps them.
   *
   * @throws CheckpointException if a file holds other tensors than these; files before it in the
   *     order of {@link CheckpointFile} are copied then
   */
  public void load(CheckpointTensors targets) throws CheckpointException {
    for (CheckpointFile file : CheckpointFile.values()) {
      load(file, targets.of(file));
    }
  }
}
