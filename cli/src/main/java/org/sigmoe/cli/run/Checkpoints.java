package org.sigmoe.cli.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.xl.checkpoint.Checkpoint;
import org.sigmoe.xl.checkpoint.CheckpointCatalog;
import org.sigmoe.xl.checkpoint.CheckpointChoice;
import org.sigmoe.xl.checkpoint.RunLayout;

/** Which checkpoint of a run a user means. */
public sealed interface Checkpoints {

  /** The one with the lowest validation loss. */
  record Best() implements Checkpoints {}

  /** The newest. */
  record Last() implements Checkpoints {}

  /** The one of a step. */
  record OfStep(long step) implements Checkpoints {}

  /**
   * What {@code best}, {@code last} or a number means.
   *
   * @throws UsageException if it is none of them
   */
  static Checkpoints parse(String text) {
    return switch (text) {
      case "best" -> new Best();
      case "last" -> new Last();
      default -> {
        if (!text.matches("\\d{1,18}")) {
          throw new UsageException(
              "--checkpoint: must be best, last or the number of a step, got '" + text + "'");
        }
        yield new OfStep(Long.parseLong(text));
      }
    };
  }

  /**
   * A checkpoint that was found whole.
   *
   * @param checkpoint the checkpoint
   * @param warnings what is wrong with those that would have been chosen before it
   */
  record Found(Checkpoint checkpoint, List<String> warnings) {}

  /**
   * Finds it.
   *
   * @throws UsageException if the run has none, or none of the step
   * @throws CheckpointException if it is damaged
   */
  default Found in(RunLayout run) throws CheckpointException {
    CheckpointCatalog catalog = new CheckpointCatalog(run);
    return switch (this) {
      case Best() -> found(catalog.best(), run);
      case Last() -> found(catalog.newest(), run);
      case OfStep(long step) -> {
        Path folder = catalog.folderOf(step);
        if (!Files.isDirectory(folder)) {
          throw new UsageException(
              "there is no checkpoint of step %d: no folder %s".formatted(step, folder));
        }
        yield new Found(Checkpoint.verify(folder), List.of());
      }
    };
  }

  private static Found found(CheckpointChoice choice, RunLayout run) {
    Checkpoint checkpoint = choice.checkpoint();
    if (checkpoint == null) {
      throw new UsageException(
          "%s has no checkpoint yet; train it on by --resume %s".formatted(run.root(), run.root()));
    }
    return new Found(checkpoint, choice.warnings());
  }
}
