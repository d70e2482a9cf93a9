package org.sigmoe.xl.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sigmoe.nn.checkpoint.CheckpointException;

/**
 * The checkpoints of a run. It only reads, so that a run can be looked at while it is training;
 * folders that are being written or deleted have other names and are not seen.
 */
public final class CheckpointCatalog {

  private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})");

  private final Path folder;

  /** Creates the catalog of a run. */
  public CheckpointCatalog(RunLayout run) {
    this.folder = run.checkpoints();
  }

  /** Returns the folder of the checkpoint of a step, whether there is one or not. */
  public Path folderOf(long step) {
    return folder.resolve("step-%08d".formatted(step));
  }

  /**
   * Returns the newest checkpoint that is whole.
   *
   * @throws CheckpointException if there are checkpoints but none is whole, or they cannot be
   *     listed
   */
  public CheckpointChoice newest() throws CheckpointException {
    return firstWhole(folders().reversed());
  }

  /**
   * Returns the checkpoint with the lowest validation loss that is whole, the earliest of equals;
   * if none was validated, the newest.
   *
   * @throws CheckpointException if there are checkpoints but none is whole, or they cannot be
   *     listed
   */
  public CheckpointChoice best() throws CheckpointException {
    List<Path> candidates =
        new ArrayList<>(
            readable().stream()
                .filter(s -> s.validationLoss() != null)
                .sorted(Retention.BEST_FIRST)
                .map(s -> folderOf(s.step()))
                .toList());
    List<Path> others = new ArrayList<>(folders().reversed());
    others.removeAll(candidates);
    candidates.addAll(others);
    return firstWhole(candidates);
  }

  /**
   * Returns the states that can be read, in the order of their steps; tensors are not checked.
   *
   * @throws CheckpointException if the checkpoints cannot be listed
   */
  public List<TrainingState> readable() throws CheckpointException {
    List<TrainingState> states = new ArrayList<>();
    for (Path checkpoint : folders()) {
      try {
        TrainingState state = StateFile.read(checkpoint).state();
        if (checkpoint.equals(folderOf(state.step()))) {
          states.add(state);
        }
      } catch (CheckpointException _) {
        // Not a checkpoint to count on. Whoever asks for one to load is told what is wrong with it.
      }
    }
    return states;
  }

  /** Returns the step in the name of a checkpoint's folder. */
  static OptionalLong stepOf(Path checkpoint) {
    Matcher name = NAME.matcher(checkpoint.getFileName().toString());
    return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
  }

  /** Returns the folders named as checkpoints, in the order of their steps. */
  private List<Path> folders() throws CheckpointException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (stepOf(entry).isPresent()) {
          found.add(entry);
        }
      }
    } catch (IOException e) {
      throw CheckpointException.notReadable(folder, e);
    }
    found.sort(Comparator.comparingLong(f -> stepOf(f).orElseThrow()));
    return found;
  }

  private CheckpointChoice firstWhole(List<Path> candidates) throws CheckpointException {
    List<String> warnings = new ArrayList<>();
    for (Path candidate : candidates) {
      try {
        return new CheckpointChoice(Checkpoint.verify(candidate), warnings);
      } catch (CheckpointException e) {
        warnings.add("checkpoint " + candidate.getFileName() + " is not used: " + e.getMessage());
      }
    }
    if (warnings.isEmpty()) {
      return new CheckpointChoice(null, warnings);
    }
    throw new CheckpointException(
        "no checkpoint in " + folder + " is whole:\n  " + String.join("\n  ", warnings));
  }
}
