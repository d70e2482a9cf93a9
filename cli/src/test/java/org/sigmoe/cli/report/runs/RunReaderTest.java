package org.sigmoe.cli.report.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.cli.report.MadeUpRun;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.xl.metrics.MetricsHistory;

class RunReaderTest {
  @TempDir private Path folder;

  private Path run;

  private RunRecord read() {
    return RunReader.read(run, "run");
  }

  private MadeUpRun begun() throws IOException {
    run = folder.resolve("run");
    return MadeUpRun.begun(run, 1, Map.of());
  }

  private MadeUpRun finished() throws IOException {
    run = folder.resolve("run");
    return MadeUpRun.finished(run, 1, Map.of());
  }

  @Test
  void finishedRunHasNoGaps() throws IOException {
    finished();
    RunRecord record = read();

    assertEquals(List.of(), record.gaps());
    assertEquals(Standing.FINISHED, record.standing());
    assertEquals(100, record.stepsDone());
    assertEquals(923_656, record.model().orElseThrow().parameters());
    assertEquals(100, record.bestValidation().orElseThrow().step());
    assertEquals(1000, record.tokensPerSecond().orElseThrow());
    assertEquals(601, record.seconds().orElseThrow());
    assertEquals("byte", record.unit());
    Session session = record.log().sessions().getFirst();
    assertEquals(Optional.of("sigmoe train --preset tiny --steps 100"), session.command());
    assertEquals(Session.Ending.COMPLETED, session.ending());
    assertTrue(session.engine().orElseThrow().startsWith("cpu, 2 threads"));
  }

  @Test
  void damagedLineIsToldAndTheOthersAreRead() throws IOException {
    finished();
    Path metrics = run.resolve("metrics.jsonl");
    List<String> lines = Files.readAllLines(metrics);
    Files.write(metrics, lines.subList(0, 4));
    Files.writeString(metrics, "{\"step\":45,\"bitsPer\n", StandardOpenOption.APPEND);
    Files.write(metrics, lines.subList(4, lines.size()), StandardOpenOption.APPEND);

    RunRecord record = read();

    assertEquals(
        List.of("Of metrics.jsonl, 1 line is damaged and left out (line 5)."), record.gaps());
    assertEquals(lines.size(), record.metrics().records().size());
  }

  @Test
  void unfinishedRunTellsHowFarItIs() throws IOException {
    begun().measured(10, 60, 3);
    RunRecord record = read();

    assertEquals(Standing.UNFINISHED, record.standing());
    assertEquals(
        List.of("It is unfinished: 60 of 100 steps are measured, and no checkpoint is saved."),
        record.gaps());
  }

  @Test
  void runWithoutValidationIsNotTakenForOneWithIt() throws IOException {
    begun().measured(10, 10, 3);
    RunRecord record = read();

    assertTrue(record.gaps().contains("It was never validated: of held-out text nothing is known."));
    assertEquals(Optional.empty(), record.bestValidation());
  }

  @Test
  void divergedRunTellsWhatItSaid() throws IOException {
    begun()
        .measured(10, 40, 3)
        .logged(
            "2026-01-02T03:09  org.sigmoe.xl.train.DivergedException: The loss of step 50 is NaN.",
            "\tat org.sigmoe.xl.train.TrainingLoop.finite(TrainingLoop.java:200)");
    RunRecord record = read();

    assertEquals(Standing.DIVERGED, record.standing());
    assertEquals(List.of("The loss of step 50 is NaN."), record.gaps());
  }

  @Test
  void emptyFolderOfARunIsARecordToo() throws IOException {
    begun();
    Files.delete(run.resolve("log.txt"));
    RunRecord record = read();

    assertEquals(Standing.EMPTY, record.standing());
    assertEquals(List.of("It has measured nothing yet."), record.gaps());
    assertEquals(0, record.resumed());
  }

  @Test
  void settingsThatCannotBeReadLeaveTheirText() throws IOException {
    finished();
    Files.writeString(run.resolve("config.yaml"), "model:\n  size: 3\n");
    RunRecord record = read();

    assertEquals("model:\n  size: 3\n", record.configText());
    assertTrue(record.gaps().getFirst().startsWith("The settings cannot be read: "));
    assertTrue(record.gaps().getFirst().contains("model.size"), record.gaps().getFirst());
    assertEquals(100, record.stepsDone());
    assertEquals(Optional.empty(), record.model());
  }

  @Test
  void warningsAreRead() throws IOException {
    finished().logged("2026-01-02T03:20:00  warning: the disk is nearly full");

    assertEquals(
        List.of("2026-01-02T03:20:00  the disk is nearly full"), read().log().warnings());
    assertEquals(1, read().log().warningCount());
  }

  /**
   * The process is killed after step 70 while it writes a line; the newest checkpoint is of step 40,
   * from which the run goes on to its end.
   */
  @Test
  void runThatWasKilledAndGoesOnHasEachStepOnceAndTellsOfBoth() throws IOException {
    MadeUpRun made = begun().measured(10, 70, 3);
    Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":80,\"lo", StandardOpenOption.APPEND);
    List<String> whileDead = read().gaps();
    made.logged(
            "2026-01-03T00:00  command  sigmoe train --resume runs/a",
            "2026-01-03T00:00:01  config   runs/a/config.yaml",
            "2026-01-03T00:00:01  going on at step 40 of 100")
        .measured(50, 100, 3)
        .logged("2026-01-03T00:10:00  done     100 steps in 10:00");

    RunRecord record = read();

    assertTrue(whileDead.getFirst().startsWith("The last line of metrics.jsonl is half written"));
    assertEquals(List.of(), record.gaps());
    assertEquals(
        LongStream.rangeClosed(1, 10).map(i -> 10 * i).boxed().toList(),
        record.metrics().records().stream()
            .filter(entry -> entry.values().containsKey("loss"))
            .map(MetricsHistory.Entry::step)
            .toList());
    assertEquals(1, record.resumed());
    assertEquals(
        List.of(Session.Ending.UNKNOWN, Session.Ending.COMPLETED),
        record.log().sessions().stream().map(Session::ending).toList());
    assertEquals(40, record.log().sessions().getLast().fromStep());
  }

  @Test
  void runsInFoldersAreFoundAndNamedByWhatTellsThemApart() throws IOException {
    for (String name : List.of("dense/seed-1", "dense/seed-2", "pkm/seed-1")) {
      MadeUpRun.begun(folder.resolve("sweep").resolve(name), 1, Map.of());
    }

    assertEquals(
        List.of("dense/seed-1", "dense/seed-2", "pkm/seed-1"),
        RunFinder.read(List.of(folder)).stream().map(RunRecord::name).toList());
    assertEquals(
        List.of("dense/seed-2"),
        RunFinder.read(List.of(folder.resolve("sweep/dense/seed-2"))).stream()
            .map(RunRecord::name)
            .toList());
  }

  @Test
  void folderWithoutRunsIsRefused() {
    assertThrows(UsageException.class, () -> RunFinder.read(List.of(folder)));
    assertThrows(UsageException.class, () -> RunFinder.read(List.of(folder.resolve("none"))));
  }

  @Test
  void runsThatDifferInTheirSeedAloneAreAGroup() throws IOException {
    Map<String, String> wide = Map.of("model.feedForward.dFeedForward", "640");
    MadeUpRun.finished(folder.resolve("a/seed-1"), 1, Map.of());
    MadeUpRun.finished(folder.resolve("a/seed-2"), 2, Map.of("logEvery", "5"));
    MadeUpRun.finished(folder.resolve("b/seed-2"), 2, wide);

    List<RunGroup> groups = RunGroup.of(RunFinder.read(List.of(folder)));

    assertEquals(List.of("a", "b/seed-2"), groups.stream().map(RunGroup::name).toList());
    assertEquals(2, groups.getFirst().lastBits().orElseThrow().count());
    assertEquals(0.01 / Math.sqrt(2), groups.getFirst().lastBits().orElseThrow().deviation(), 1e-9);
    assertEquals("1, 2", groups.getFirst().seeds());
  }
}
