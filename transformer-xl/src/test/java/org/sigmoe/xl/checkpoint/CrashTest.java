package org.sigmoe.xl.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sigmoe.nn.checkpoint.CheckpointException;

/** A process that dies, or a disk that is full, at every point of saving a checkpoint. */
class CrashTest {

  private static final Retention ONE = new Retention(1);

  @TempDir Path folder;

  /**
   * Checkpoints 10 (the best) and 20 are there, and a better one is saved: a new one, or 20 again.
   * The process dies in the middle of the first, the second, ... thing done to the disk. What is
   * found then is whole, and saving works again.
   */
  @ParameterizedTest
  @ValueSource(longs = {20, 30})
  void whereverTheProcessDiesAWholeCheckpointIsFoundAndTheRunGoesOn(long step) throws IOException {
    boolean finished = false;
    int crashes = 0;
    for (long crashAt = 1; !finished; crashAt++) {
      Path root = runWithTwoCheckpoints("run" + crashAt);
      RunDirectory run = RunDirectory.open(root, ONE, FaultyStorage.crashingAt(crashAt));
      try {
        run.save(SmallModel.state(step, 0.5), SmallModel.at(step + 1).tensors());
        finished = true;
      } catch (FaultyStorage.Crash e) {
        crashes++;
      } finally {
        run.close(); // as the operating system does
      }
      assertWhole(root, step, finished);
    }
    assertTrue(crashes > 25, "died only " + crashes + " times");
  }

  private static void assertWhole(Path root, long step, boolean finished) throws IOException {
    try (RunDirectory run = RunDirectory.open(root, ONE, FaultyStorage.sound())) {
      CheckpointChoice choice = run.checkpoints().newest();
      assertEquals(List.of(), choice.warnings());
      Checkpoint checkpoint = choice.checkpoint();
      assertNotNull(checkpoint);
      SmallModel model = SmallModel.empty();
      checkpoint.load(model.tensors());
      boolean isNew = model.equalsAt(step + 1);
      assertTrue(isNew || model.equalsAt(20), "neither the new checkpoint nor the one before");
      assertEquals(isNew ? step : 20, checkpoint.state().step());
      assertTrue(isNew || !finished);
      for (String name : names(root)) {
        assertTrue(name.matches("step-\\d{8}"), name + " was left over");
      }

      run.save(SmallModel.state(40, 0.25), SmallModel.at(40).tensors());
      assertEquals(List.of("step-00000040"), names(root));
    }
  }

  @Test
  void checkpointIsOnTheDeviceBeforeAnOldOneIsDeleted() throws IOException {
    Path root = runWithTwoCheckpoints("run");
    FaultyStorage storage = FaultyStorage.sound();
    try (RunDirectory run = RunDirectory.open(root, ONE, storage)) {
      run.save(SmallModel.state(30, null), SmallModel.at(30).tensors());
    }
    List<String> done = storage.done().stream().filter(d -> !d.startsWith("write ")).toList();
    assertEquals(
        List.of(
            "delete step-00000030.tmp",
            "mkdir step-00000030.tmp",
            "force run",
            "create model.safetensors.tmp",
            "force model.safetensors.tmp",
            "rename model.safetensors.tmp model.safetensors",
            "force step-00000030.tmp",
            "create optimizer.safetensors.tmp",
            "force optimizer.safetensors.tmp",
            "rename optimizer.safetensors.tmp optimizer.safetensors",
            "force step-00000030.tmp",
            "create memory.safetensors.tmp",
            "force memory.safetensors.tmp",
            "rename memory.safetensors.tmp memory.safetensors",
            "force step-00000030.tmp",
            "create state.json.tmp",
            "force state.json.tmp",
            "rename state.json.tmp state.json",
            "force step-00000030.tmp",
            "rename step-00000030.tmp step-00000030",
            "force checkpoints",
            "delete step-00000030.replaced",
            "delete step-00000020.tmp",
            "rename step-00000020 step-00000020.tmp",
            "delete step-00000020.tmp"),
        done);
  }

  @Test
  void fullDiskLeavesTheLastCheckpointAndNothingElse() throws IOException {
    Path root = runWithTwoCheckpoints("run");
    List<String> before = names(root);
    boolean saved = false;
    int failures = 0;
    for (long room = 0; !saved; room += 97) {
      try (RunDirectory run = RunDirectory.open(root, ONE, FaultyStorage.fullAfter(room))) {
        run.save(SmallModel.state(20, 1.0), SmallModel.at(21).tensors());
        saved = true;
      } catch (CheckpointException e) {
        failures++;
        assertTrue(
            e.getMessage().startsWith("the checkpoint of step 20 (1 MB) was not saved: "),
            e.getMessage());
        assertTrue(e.getMessage().contains("No space left on device"), e.getMessage());
        assertEquals(before, names(root));
        SmallModel model = SmallModel.empty();
        Checkpoint.verify(root.resolve("checkpoints/step-00000020")).load(model.tensors());
        assertTrue(model.equalsAt(20));
      }
    }
    assertTrue(failures > 20, "failed only " + failures + " times");
  }

  @Test
  void crashWhileTheRunIsMadeCanBeRepeated() throws IOException {
    boolean finished = false;
    for (long crashAt = 1; !finished; crashAt++) {
      Path root = folder.resolve("new" + crashAt);
      FaultyStorage storage = FaultyStorage.crashingAt(crashAt);
      try {
        RunDirectory.create(root, "a: 1".getBytes(UTF_8), ONE, storage).close();
        finished = true;
      } catch (FaultyStorage.Crash e) {
        if (Files.exists(root.resolve("config.yaml"))) {
          assertEquals("a: 1", Files.readString(root.resolve("config.yaml")));
          RunDirectory.open(root, ONE).close();
        } else {
          RunDirectory.create(root, new byte[0], ONE, FaultyStorage.sound()).close();
        }
      }
    }
  }

  @Test
  void unfinishedFoldersAreRemovedOnOpening() throws IOException {
    Path root = runWithTwoCheckpoints("run");
    Path unfinished = root.resolve("checkpoints/step-00000030.tmp");
    Files.createDirectories(unfinished);
    Files.writeString(unfinished.resolve("model.safetensors.tmp"), "x");
    assertEquals(
        20, newestStep(root), "a folder that is being written is not taken for a checkpoint");
    RunDirectory.open(root, ONE).close();
    assertEquals(List.of("step-00000010", "step-00000020"), names(root));
  }

  @Test
  void oldCheckpointThatCannotBeDeletedIsAWarning() throws IOException {
    Path root = runWithTwoCheckpoints("run");
    FaultyStorage storage = FaultyStorage.sound();
    storage.refuseRenaming("step-00000020");
    try (RunDirectory run = RunDirectory.open(root, ONE, storage)) {
      SavedCheckpoint saved = run.save(SmallModel.state(30, null), SmallModel.at(30).tensors());
      assertEquals(
          List.of(
              "the old checkpoint "
                  + root.resolve("checkpoints/step-00000020")
                  + " cannot be deleted: in use"),
          saved.warnings());
    }
    assertEquals(30, newestStep(root));
  }

  @Test
  void checkpointThatCannotBeReplacedStays() throws IOException {
    Path root = runWithTwoCheckpoints("run");
    FaultyStorage storage = FaultyStorage.sound();
    storage.refuseRenaming("step-00000020.tmp");
    try (RunDirectory run = RunDirectory.open(root, ONE, storage)) {
      assertThrows(
          CheckpointException.class,
          () -> run.save(SmallModel.state(20, null), SmallModel.at(21).tensors()));
    }
    assertEquals(List.of("step-00000010", "step-00000020"), names(root));
    assertEquals(20, newestStep(root));
  }

  private static long newestStep(Path root) throws IOException {
    CheckpointChoice choice = new CheckpointCatalog(new RunLayout(root)).newest();
    assertEquals(List.of(), choice.warnings());
    assertNotNull(choice.checkpoint());
    return choice.checkpoint().state().step();
  }

  private Path runWithTwoCheckpoints(String name) throws IOException {
    Path root = folder.resolve(name);
    try (RunDirectory run = RunDirectory.create(root, new byte[0], ONE, FaultyStorage.sound())) {
      run.save(SmallModel.state(10, 1.0), SmallModel.at(10).tensors());
      run.save(SmallModel.state(20, 2.0), SmallModel.at(20).tensors());
    }
    return root;
  }

  private static List<String> names(Path root) throws IOException {
    try (var files = Files.list(root.resolve("checkpoints"))) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }
}
