package org.sigmoe.cli.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import org.sigmoe.xl.checkpoint.RunLayout;

/** Names and checks folders of runs. */
public final class RunFolders {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd-HHmmss");

  private RunFolders() {}

  /** The folder of a new run that was given none: {@code runs/2026-01-31-235959-tiny}. */
  public static Path named(LocalDateTime now, String name) {
    return Path.of("runs", TIME.format(now) + "-" + name);
  }

  /**
   * Refuses a folder that holds a run. Making the run checks it again; here it is found before
   * anything else is done.
   *
   * @throws UsageException if it does
   */
  public static void requireFree(Path folder) {
    RunLayout layout = new RunLayout(folder);
    if (Files.exists(layout.config()) || Files.exists(layout.checkpoints())) {
      throw new UsageException(
          "%s holds a run already; go on with it by --resume %s, or give another --out"
              .formatted(folder, folder));
    }
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UsageException(folder + " is a file; --out needs a folder, or none yet");
    }
  }

  /**
   * The folder of an existing run.
   *
   * @throws UsageException if it holds none
   */
  public static RunLayout existing(Path folder) {
    RunLayout layout = new RunLayout(folder);
    if (!Files.isDirectory(folder)) {
      throw new UsageException("there is no folder " + folder + "; give the folder of a run");
    }
    if (!Files.isRegularFile(layout.config())) {
      throw new UsageException(
          "%s holds no run: there is no %s in it".formatted(folder, layout.config().getFileName()));
    }
    return layout;
  }
}
