package org.sigmoe.xl.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.FileDigest;
import org.sigmoe.nn.checkpoint.SafetensorsWriter;
import org.sigmoe.nn.checkpoint.Storage;

/**
 * Saves checkpoints and deletes old ones. At every moment, whatever crashes, the newest checkpoint
 * that was saved is whole under its name:
 *
 * <ol>
 *   <li>All is written into {@code step-X.tmp}, {@code state.json} last, and forced to the device.
 *   <li>The folder is renamed. One that has the name already (the run was stopped and resumed at
 *       that step, or it is damaged) is first put aside as {@code step-X.replaced}.
 *   <li>Only then are old ones deleted, each renamed to {@code .tmp} first, so that half a deleted
 *       folder is never taken for a checkpoint.
 * </ol>
 *
 * <p>{@link #recover()} tidies up what a crash left of this.
 */
final class CheckpointWriter {

  private static final String REPLACED_SUFFIX = ".replaced";

  /** What PyTorch libraries look for to know whose tensors these are. */
  private static final Map<String, String> METADATA = Map.of("format", "pt");

  private final Path root;
  private final Path folder;
  private final CheckpointCatalog catalog;
  private final Storage storage;
  private final Retention retention;

  CheckpointWriter(RunLayout run, Storage storage, Retention retention) {
    this.root = run.root();
    this.folder = run.checkpoints();
    this.catalog = new CheckpointCatalog(run);
    this.storage = storage;
    this.retention = retention;
  }

  /** Removes unfinished folders, and puts back a checkpoint that was put aside for nothing. */
  void recover() throws CheckpointException {
    if (!Files.exists(folder)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.endsWith(AtomicFile.TEMPORARY_SUFFIX)) {
          storage.delete(entry);
        } else if (name.endsWith(REPLACED_SUFFIX)) {
          recoverReplaced(entry);
        }
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot tidy up " + folder + ": " + CheckpointException.reason(e), e);
    }
  }

  private void recoverReplaced(Path replaced) throws IOException {
    String name = replaced.getFileName().toString();
    Path original =
        replaced.resolveSibling(name.substring(0, name.length() - REPLACED_SUFFIX.length()));
    if (Files.exists(original)) {
      storage.delete(replaced);
    } else {
      storage.rename(replaced, original);
    }
  }

  /** Saves a checkpoint; see {@link RunDirectory#save}. */
  SavedCheckpoint save(TrainingState state, CheckpointTensors tensors) throws CheckpointException {
    Path checkpoint = catalog.folderOf(state.step());
    Path temporary = withSuffix(checkpoint, AtomicFile.TEMPORARY_SUFFIX);
    Path replaced = withSuffix(checkpoint, REPLACED_SUFFIX);
    boolean renamed = false;
    try {
      writeFiles(temporary, state, tensors);
      if (Files.exists(checkpoint)) {
        storage.delete(replaced);
        storage.rename(checkpoint, replaced);
      }
      storage.rename(temporary, checkpoint);
      renamed = true;
      storage.forceDirectory(folder);
    } catch (IOException e) {
      throw new CheckpointException(
          "the checkpoint of step "
              + state.step()
              + " ("
              + (tensors.byteSize() + 999_999) / 1_000_000
              + " MB) was not saved: "
              + CheckpointException.reason(e)
              + "; those saved before are as they were, and --resume goes on from them",
          e);
    } finally {
      if (!renamed) {
        undo(temporary, replaced);
      }
    }
    return new SavedCheckpoint(checkpoint, deleteOld(state.step(), replaced));
  }

  private void writeFiles(Path target, TrainingState state, CheckpointTensors tensors)
      throws IOException {
    storage.delete(target);
    storage.createDirectories(target);
    storage.forceDirectory(root);
    Map<String, FileDigest> digests = new HashMap<>();
    SafetensorsWriter writer = new SafetensorsWriter(storage);
    for (CheckpointFile file : CheckpointFile.values()) {
      Path path = target.resolve(file.fileName());
      digests.put(file.fileName(), writer.write(path, tensors.of(file), METADATA));
    }
    new StateFile(state, digests).write(storage, target);
  }

  /** Deletes what is no longer needed; returns what could not be deleted. */
  private List<String> deleteOld(long saved, Path replaced) {
    List<String> warnings = new ArrayList<>();
    List<Long> steps = List.of();
    try {
      storage.delete(replaced);
      steps = retention.toDelete(saved, catalog.readable());
    } catch (IOException e) {
      warnings.add("old checkpoints cannot be deleted: " + CheckpointException.reason(e));
    }
    for (long step : steps) {
      Path old = catalog.folderOf(step);
      Path doomed = withSuffix(old, AtomicFile.TEMPORARY_SUFFIX);
      try {
        storage.delete(doomed);
        storage.rename(old, doomed);
        storage.delete(doomed);
      } catch (IOException e) {
        warnings.add(
            "the old checkpoint " + old + " cannot be deleted: " + CheckpointException.reason(e));
      }
    }
    return warnings;
  }

  private void undo(Path temporary, Path replaced) {
    try {
      storage.delete(temporary);
      if (Files.exists(replaced)) {
        recoverReplaced(replaced);
      }
    } catch (IOException _) {
      // The failure that led here is the one to report; the next start of the run does the rest.
    }
  }

  private static Path withSuffix(Path path, String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }
}
