package org.sigmoe.cli.compare;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.RunConfig;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.run.RunFolders;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.xl.checkpoint.Checkpoint;
import org.sigmoe.xl.checkpoint.CheckpointCatalog;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.metrics.Metric;
import org.sigmoe.xl.metrics.MetricSeries;

/** How far a run of a comparison is. */
public enum RunState {
  /** There is nothing yet. */
  NEW,
  /** It was begun and is not at its last step. */
  BEGUN,
  /** All steps are done. The checkpoints may have been deleted since. */
  FINISHED;

  /** What a run that goes on may have had otherwise: it changes no result. */
  private static final Set<String> FREE = Set.of("engine", "logEvery", "checkpoints");

  /**
   * Looks at the folder of a run.
   *
   * @throws UsageException if it holds a run of another configuration
   * @throws CheckpointException if its checkpoints cannot be read
   */
  public static RunState of(ComparisonPlan.Run run) throws CheckpointException {
    RunLayout layout = new RunLayout(run.folder());
    if (!Files.exists(layout.config())) {
      RunFolders.requireFree(run.folder());
      return NEW;
    }
    requireSame(run, Configuration.ofRun(layout.config(), Settings.empty()));
    Checkpoint newest = new CheckpointCatalog(layout).newest().checkpoint();
    long done = newest == null ? stepsMeasured(layout) : newest.state().step();
    return done >= run.candidate().configuration().run().steps() ? FINISHED : BEGUN;
  }

  /** After which step held-out text was read last; 0 for none. */
  private static long stepsMeasured(RunLayout layout) {
    try {
      List<MetricSeries.Point> points =
          MetricSeries.read(layout.metrics(), Metric.VALIDATION_BITS_PER_TOKEN).points();
      return points.isEmpty() ? 0 : points.getLast().step();
    } catch (IOException _) {
      // Nothing that can be read was measured.
      return 0;
    }
  }

  private static void requireSame(ComparisonPlan.Run run, Configuration found) {
    // The data's own vocabulary has taken the place of the configured one.
    RunConfig asked =
        run.candidate()
            .configuration()
            .with(
                "model.vocabulary", Integer.toString(found.run().model().vocabulary()), "the data")
            .run();
    for (RecordComponent component : RunConfig.class.getRecordComponents()) {
      if (!FREE.contains(component.getName())
          && !Objects.equals(value(component, asked), value(component, found.run()))) {
        throw new UsageException(
            ("%s holds a run of another configuration: its '%s' is %s, not %s; choose another"
                    + " --out, or move that folder away")
                .formatted(
                    run.folder(),
                    component.getName(),
                    value(component, found.run()),
                    value(component, asked)));
      }
    }
  }

  private static Object value(RecordComponent component, RunConfig run) {
    try {
      return component.getAccessor().invoke(run);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
