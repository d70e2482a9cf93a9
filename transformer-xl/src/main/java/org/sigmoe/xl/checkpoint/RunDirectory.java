package org.sigmoe.xl.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.Storage;

/**
 * The folder of a run, open for training by this process alone.
 *
 * <pre>{@code
 * try (RunDirectory run = RunDirectory.open(folder, Retention.DEFAULT)) {
 *   CheckpointChoice choice = run.checkpoints().newest();
 *   choice.warnings().forEach(log::warn);
 *   if (choice.checkpoint() != null) {
 *     choice.checkpoint().load(tensors);
 *   }
 *   ...
 *   run.save(state, tensors);
 * }
 * }</pre>
 *
 * <p>To read a run without training, use {@link CheckpointCatalog}, which takes no lock.
 */
public final class RunDirectory implements AutoCloseable {

  private final RunLayout layout;
  private final RunLock lock;
  private final CheckpointWriter writer;

  private RunDirectory(RunLayout layout, RunLock lock, CheckpointWriter writer) {
    this.layout = layout;
    this.lock = lock;
    this.writer = writer;
  }

  /**
   * Makes the folder of a new run.
   *
   * @param root the folder; made if there is none, and so are those above it
   * @param config the text of the run's configuration
   * @param retention which checkpoints to keep
   * @throws CheckpointException if the folder holds a run already, is in use, or cannot be written
   */
  public static RunDirectory create(Path root, byte[] config, Retention retention)
      throws CheckpointException {
    return create(root, config, retention, Storage.disk());
  }

  static RunDirectory create(Path root, byte[] config, Retention retention, Storage storage)
      throws CheckpointException {
    RunLayout layout = new RunLayout(root);
    try {
      storage.createDirectories(root);
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot make the folder " + root + ": " + CheckpointException.reason(e), e);
    }
    return locked(
        layout,
        lock -> {
          if (layout.holdsRun()) {
            throw new CheckpointException(
                root + " already holds a run; go on with it by --resume, or use another folder");
          }
          AtomicFile.write(
              storage, layout.config(), channel -> channel.write(ByteBuffer.wrap(config)));
          return new RunDirectory(layout, lock, new CheckpointWriter(layout, storage, retention));
        });
  }

  /**
   * Opens the folder of a run to go on with it. What a crash left unfinished is removed.
   *
   * @param root the folder
   * @param retention which checkpoints to keep
   * @throws CheckpointException if the folder holds no run, is in use, or cannot be written
   */
  public static RunDirectory open(Path root, Retention retention) throws CheckpointException {
    return open(root, retention, Storage.disk());
  }

  static RunDirectory open(Path root, Retention retention, Storage storage)
      throws CheckpointException {
    RunLayout layout = new RunLayout(root);
    if (!Files.isRegularFile(layout.config())) {
      throw new CheckpointException(
          root + " holds no run: there is no " + layout.config().getFileName() + " in it");
    }
    return locked(
        layout,
        lock -> {
          CheckpointWriter writer = new CheckpointWriter(layout, storage, retention);
          writer.recover();
          return new RunDirectory(layout, lock, writer);
        });
  }

  /** Returns where things are in the folder. */
  public RunLayout layout() {
    return layout;
  }

  /** Returns the checkpoints of the run. */
  public CheckpointCatalog checkpoints() {
    return new CheckpointCatalog(layout);
  }

  /**
   * Saves a checkpoint, and then deletes those that are no longer to be kept. Returns once it is on
   * the device. A checkpoint of the same step is replaced.
   *
   * @throws CheckpointException if it could not be saved, for instance because the disk is full;
   *     the checkpoints saved before are as they were
   */
  public SavedCheckpoint save(TrainingState state, CheckpointTensors tensors)
      throws CheckpointException {
    return writer.save(state, tensors);
  }

  /** Lets another process train in the folder. */
  @Override
  public void close() throws CheckpointException {
    lock.close();
  }

  /** Opens a run under its lock. */
  @FunctionalInterface
  private interface Opening {
    RunDirectory with(RunLock lock) throws CheckpointException;
  }

  /** Takes the lock of a run, and gives it back if the run cannot be opened. */
  private static RunDirectory locked(RunLayout layout, Opening opening) throws CheckpointException {
    RunLock lock = RunLock.acquire(layout.lock());
    boolean opened = false;
    try {
      RunDirectory run = opening.with(lock);
      opened = true;
      return run;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }
}
