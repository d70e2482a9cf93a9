package org.sigmoe.xl.checkpoint;

import java.nio.file.Path;
import org.sigmoe.nn.checkpoint.CheckpointException;

/** A run on a disk that becomes full, for tests of what writes into runs. */
public final class FullDiskRun {
  private FullDiskRun() {}

  /** Makes the folder of a new run on a disk with room for so many more bytes. */
  public static RunDirectory create(Path root, byte[] config, Retention retention, long room)
      throws CheckpointException {
    return RunDirectory.create(root, config, retention, FaultyStorage.fullAfter(room));
  }
}
