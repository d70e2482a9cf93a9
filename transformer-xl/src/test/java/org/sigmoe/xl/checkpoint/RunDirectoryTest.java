package org.sigmoe.xl.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.checkpoint.CheckpointException;

class RunDirectoryTest {

  private static final byte[] CONFIG = "preset: tiny\n".getBytes(UTF_8);

  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void name() {
    root = folder.resolve("runs/first");
  }

  @Test
  void newRunHoldsItsConfigurationAndNoCheckpoint() throws IOException {
    try (RunDirectory run = RunDirectory.create(root, CONFIG, Retention.DEFAULT)) {
      assertEquals("preset: tiny\n", Files.readString(run.layout().config()));
      CheckpointChoice choice = run.checkpoints().newest();
      assertNull(choice.checkpoint());
      assertEquals(List.of(), choice.warnings());
    }
  }

  @Test
  void savedCheckpointComesBackWithEveryBit() throws IOException {
    TrainingState state =
        new TrainingState(
            12,
            1L << 53,
            new TrainingState.DataPosition(3, Long.MAX_VALUE),
            new TrainingState.DropoutPosition(Long.MIN_VALUE, 7),
            Math.nextUp(1.1),
            new TrainingState.BestValidation(8, 1e-17 / 3),
            "\"\u00e9\n");
    try (RunDirectory run = RunDirectory.create(root, CONFIG, Retention.DEFAULT)) {
      SavedCheckpoint saved = run.save(state, SmallModel.at(12).tensors());
      assertEquals(root.resolve("checkpoints/step-00000012"), saved.folder());
      assertEquals(List.of(), saved.warnings());
    }
    try (RunDirectory run = RunDirectory.open(root, Retention.DEFAULT)) {
      Checkpoint checkpoint = run.checkpoints().newest().checkpoint();
      assertNotNull(checkpoint);
      assertEquals(state, checkpoint.state());
      SmallModel model = SmallModel.empty();
      checkpoint.load(model.tensors());
      assertTrue(model.equalsAt(12));
    }
  }

  @Test
  void twoRunsThatDidTheSameHaveTheSameBytes() throws IOException {
    Path second = folder.resolve("runs/second");
    for (Path path : List.of(root, second)) {
      try (RunDirectory run = RunDirectory.create(path, CONFIG, Retention.DEFAULT)) {
        run.save(SmallModel.state(5, 2.0), SmallModel.at(5).tensors());
      }
    }
    try (var files = Files.list(root.resolve("checkpoints/step-00000005"))) {
      List<Path> all = files.sorted().toList();
      assertEquals(4, all.size());
      for (Path file : all) {
        assertEquals(-1, Files.mismatch(file, second.resolve(root.relativize(file))));
      }
    }
  }

  @Test
  void lastTwoAndTheBestAreKept() throws IOException {
    try (RunDirectory run = RunDirectory.create(root, CONFIG, Retention.DEFAULT)) {
      double[] losses = {3, 1, 2, 2, 1, 4};
      for (int i = 0; i < losses.length; i++) {
        run.save(SmallModel.state(10 * (i + 1), losses[i]), SmallModel.at(i).tensors());
      }
      assertEquals(
          List.of("step-00000020", "step-00000050", "step-00000060"), names("checkpoints"));
      Checkpoint best = run.checkpoints().best().checkpoint();
      assertNotNull(best);
      assertEquals(20, best.state().step());
    }
  }

  @Test
  void withoutValidationTheBestIsTheNewest() throws IOException {
    try (RunDirectory run = RunDirectory.create(root, CONFIG, new Retention(1))) {
      run.save(SmallModel.state(1, null), SmallModel.at(1).tensors());
      run.save(SmallModel.state(2, null), SmallModel.at(2).tensors());
      assertEquals(List.of("step-00000002"), names("checkpoints"));
      Checkpoint best = run.checkpoints().best().checkpoint();
      assertNotNull(best);
      assertEquals(2, best.state().step());
    }
  }

  @Test
  void checkpointOfTheSameStepIsReplaced() throws IOException {
    try (RunDirectory run = RunDirectory.create(root, CONFIG, Retention.DEFAULT)) {
      run.save(SmallModel.state(1, null), SmallModel.at(1).tensors());
      run.save(SmallModel.state(1, 0.5), SmallModel.at(77).tensors());
      assertEquals(List.of("step-00000001"), names("checkpoints"));
      Checkpoint checkpoint = run.checkpoints().newest().checkpoint();
      assertNotNull(checkpoint);
      assertEquals(0.5, checkpoint.state().validationLoss());
      SmallModel model = SmallModel.empty();
      checkpoint.load(model.tensors());
      assertTrue(model.equalsAt(77));
    }
  }

  @Test
  void folderThatHoldsARunIsRefusedAndLeftAlone() throws IOException {
    RunDirectory.create(root, CONFIG, Retention.DEFAULT).close();
    String message =
        assertThrows(
                CheckpointException.class,
                () -> RunDirectory.create(root, new byte[0], Retention.DEFAULT).close())
            .getMessage();
    assertEquals(
        root + " already holds a run; go on with it by --resume, or use another folder", message);
    assertEquals("preset: tiny\n", Files.readString(root.resolve("config.yaml")));
    // The refusal has given the lock back.
    RunDirectory.open(root, Retention.DEFAULT).close();
  }

  @Test
  void folderWithoutARunCannotBeResumed() throws IOException {
    Files.createDirectories(root);
    String message =
        assertThrows(
                CheckpointException.class, () -> RunDirectory.open(root, Retention.DEFAULT).close())
            .getMessage();
    assertEquals(root + " holds no run: there is no config.yaml in it", message);
    assertEquals(List.of(), names("."));
  }

  @Test
  void fileInPlaceOfTheFolderIsNamed() throws IOException {
    Files.createDirectories(root.getParent());
    Files.writeString(root, "");
    String message =
        assertThrows(
                CheckpointException.class,
                () -> RunDirectory.create(root, CONFIG, Retention.DEFAULT).close())
            .getMessage();
    assertEquals("cannot make the folder " + root + ": it exists already", message);
  }

  @Test
  void secondTrainerInTheSameProcessIsRefused() throws IOException {
    try (RunDirectory run = RunDirectory.create(root, CONFIG, Retention.DEFAULT)) {
      assertEquals(root, run.layout().root());
      String message =
          assertThrows(
                  CheckpointException.class,
                  () -> RunDirectory.open(root, Retention.DEFAULT).close())
              .getMessage();
      assertTrue(
          message.startsWith(
              root + " is in use: process " + ProcessHandle.current().pid() + " is training"),
          message);
    }
    RunDirectory.open(root, Retention.DEFAULT).close();
  }

  @Test
  void evaluationReadsARunThatIsTraining() throws IOException {
    try (RunDirectory run = RunDirectory.create(root, CONFIG, Retention.DEFAULT)) {
      run.save(SmallModel.state(1, null), SmallModel.at(1).tensors());
      Checkpoint checkpoint = new CheckpointCatalog(new RunLayout(root)).best().checkpoint();
      assertNotNull(checkpoint);
      SmallModel model = SmallModel.empty();
      checkpoint.load(CheckpointFile.MODEL, model.tensors().model());
      assertEquals(
          -1,
          model
              .tensors()
              .model()
              .getFirst()
              .data()
              .mismatch(SmallModel.at(1).tensors().model().getFirst().data()));
    }
  }

  private List<String> names(String under) throws IOException {
    try (var files = Files.list(root.resolve(under))) {
      return files.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }
}
