package org.sigmoe.xl.train;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.Storage;
import org.sigmoe.nn.engine.HostMemory;
import org.sigmoe.xl.checkpoint.CheckpointTensors;
import org.sigmoe.xl.checkpoint.RunDirectory;
import org.sigmoe.xl.checkpoint.TrainingState;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.TrainingGraph;
import org.sigmoe.xl.model.Weights;

/**
 * A run that begins with weights from elsewhere: a folder with one checkpoint, whose optimiser has
 * seen no gradient and whose model remembers nothing. It is evaluated and goes on like any other;
 * the data that it first goes on with becomes its own, from the beginning.
 */
public final class ImportedRun {
  private ImportedRun() {}

  /**
   * Makes the folder. Whatever fails, it is there whole or not at all.
   *
   * @param folder of the run; there is none yet, or an empty one
   * @param config the text of the run's configuration
   * @param training what it says
   * @param weights a safetensors file of the model's parameters ({@link Weights#convert})
   * @param step steps that the weights have been trained for; the learning rate goes on from there.
   *     Adam then makes no correction for its young moments, and begins with greater updates
   * @throws CheckpointException if the file is not of this model, or the folder cannot be written
   *     or holds something
   * @throws org.sigmoe.nn.engine.EngineException if there is not enough memory
   */
  public static void create(
      Path folder, byte[] config, TrainingConfig training, Path weights, long step)
      throws CheckpointException {
    Path place = emptyPlace(folder);
    LanguageModel model = new LanguageModel(training.model());
    TrainingVariables variables =
        TrainingVariables.of(
            model, TrainingGraph.of(model, training.batch(), training.optimiser()));
    HostMemory.require("importing weights", variables.bytes());
    try (Arena arena = Arena.ofConfined()) {
      TrainingVariables.Copy copy = variables.copy(arena);
      Weights.convert(weights, copy.weights());
      CheckpointTensors tensors =
          new CheckpointTensors(
              copy.weights().tensors(), copy.moments().tensors(), copy.memory().tensors());
      write(place, config, training, state(training, step), tensors);
    }
  }

  private static TrainingState state(TrainingConfig training, long step) {
    return new TrainingState(
        step,
        step * training.tokensPerStep(),
        new TrainingState.DataPosition(0, 0),
        new TrainingState.DropoutPosition(training.seed(), step),
        null,
        null,
        RunFingerprint.withoutData(training).toString());
  }

  private static void write(
      Path folder,
      byte[] config,
      TrainingConfig training,
      TrainingState state,
      CheckpointTensors tensors)
      throws CheckpointException {
    Storage storage = Storage.disk();
    Path temporary = folder.resolveSibling(folder.getFileName() + AtomicFile.TEMPORARY_SUFFIX);
    boolean renamed = false;
    try {
      storage.delete(temporary);
      try (RunDirectory run =
          RunDirectory.create(temporary, config, training.checkpoints().retention())) {
        run.save(state, tensors);
      }
      Files.deleteIfExists(folder); // an empty one, over which not every system renames
      storage.rename(temporary, folder);
      renamed = true;
      Path parent = folder.toAbsolutePath().getParent();
      if (parent != null) {
        storage.forceDirectory(parent);
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot write " + folder + ": " + CheckpointException.reason(e), e);
    } finally {
      if (!renamed) {
        removeQuietly(storage, temporary);
      }
    }
  }

  /** The folder itself, whatever link leads to it. */
  private static Path emptyPlace(Path folder) throws CheckpointException {
    if (!Files.exists(folder)) {
      return folder;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      if (entries.iterator().hasNext()) {
        throw new CheckpointException(folder + " is not empty; give a folder that is, or none yet");
      }
      return folder.toRealPath();
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw CheckpointException.notReadable(folder, e);
    }
  }

  private static void removeQuietly(Storage storage, Path temporary) {
    try {
      storage.delete(temporary);
    } catch (IOException _) {
      // The failure that led here is the one to report; the next import deletes what is left.
    }
  }
}
