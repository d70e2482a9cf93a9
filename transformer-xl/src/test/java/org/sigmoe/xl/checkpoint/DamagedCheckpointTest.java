package org.sigmoe.xl.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.ElementType;
import org.sigmoe.nn.checkpoint.NamedTensor;
import org.sigmoe.nn.checkpoint.TensorSpec;

class DamagedCheckpointTest {

  @TempDir Path folder;
  private CheckpointCatalog catalog;
  private Path older;
  private Path newer;

  @BeforeEach
  void saveTwo() throws IOException {
    catalog = new CheckpointCatalog(new RunLayout(folder));
    try (RunDirectory run =
        RunDirectory.create(folder, new byte[0], Retention.DEFAULT, FaultyStorage.sound())) {
      older = run.save(SmallModel.state(100, 2.0), SmallModel.at(100).tensors()).folder();
      newer = run.save(SmallModel.state(200, 1.0), SmallModel.at(200).tensors()).folder();
    }
  }

  @ParameterizedTest
  @EnumSource
  void alteredTensorsAreReportedAndThePreviousCheckpointIsOffered(CheckpointFile file)
      throws IOException {
    flipLastBit(newer.resolve(file.fileName()));
    for (CheckpointChoice choice : List.of(catalog.newest(), catalog.best())) {
      assertOlderWithWarning(
          choice,
          "checkpoint step-00000200 is not used: "
              + newer.resolve(file.fileName())
              + " was altered after it was written");
    }
  }

  @Test
  void truncatedTensorsAreReportedWithBothSizes() throws IOException {
    Path file = newer.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertOlderWithWarning(
        catalog.newest(),
        file
            + " is truncated: it was written with "
            + bytes.length
            + " bytes and now has "
            + (bytes.length - 1));
  }

  @Test
  void missingFilesAreReported() throws IOException {
    Files.delete(newer.resolve("memory.safetensors"));
    assertOlderWithWarning(catalog.newest(), "memory.safetensors: there is no such file or folder");
    Files.delete(newer.resolve("state.json"));
    assertOlderWithWarning(catalog.newest(), "state.json: there is no such file or folder");
  }

  /** Whatever byte of the state is changed, it is not believed. */
  @Test
  void everyAlteredByteOfTheStateIsNoticed() throws IOException {
    Path file = newer.resolve("state.json");
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i++) {
      byte original = bytes[i];
      if (Character.isWhitespace(original)) {
        continue; // blanks between the tokens mean nothing
      }
      bytes[i] ^= 1;
      Files.write(file, bytes);
      CheckpointException e =
          assertThrows(CheckpointException.class, () -> Checkpoint.verify(newer), "byte " + i);
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
      bytes[i] = original;
    }
  }

  @Test
  void everyTruncationOfTheStateIsNoticed() throws IOException {
    Path file = newer.resolve("state.json");
    byte[] bytes = Files.readAllBytes(file);
    for (int length = 0; length < bytes.length; length++) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThrows(CheckpointException.class, () -> Checkpoint.verify(newer), length + " bytes");
    }
  }

  @Test
  void stateOfANewerVersionIsNamedAsSuch() throws IOException {
    Path file = newer.resolve("state.json");
    String text = Files.readString(file);
    Files.writeString(file, text.replace("\"version\" : 2", "\"version\" : 3"));
    assertOlderWithWarning(
        catalog.newest(),
        "was written by a newer Sigmoe (its version is 3, this one reads up to 2); use that one");
  }

  @Test
  void renamedFolderIsNotTakenForAnotherStep() throws IOException {
    Path renamed = newer.resolveSibling("step-00000300");
    Files.move(newer, renamed);
    assertOlderWithWarning(
        catalog.newest(), renamed + " was renamed: it is the checkpoint of step 200");
  }

  @Test
  void whereNoneIsWholeAllAreListed() throws IOException {
    flipLastBit(newer.resolve("model.safetensors"));
    Files.delete(older.resolve("state.json"));
    String message = assertThrows(CheckpointException.class, () -> catalog.newest()).getMessage();
    assertTrue(message.startsWith("no checkpoint in " + newer.getParent() + " is whole:\n"));
    assertTrue(message.contains("step-00000200 is not used"), message);
    assertTrue(message.contains("step-00000100 is not used"), message);
  }

  @Test
  void trainingGoesOnFromThePreviousCheckpointAndReplacesTheDamagedOne() throws IOException {
    flipLastBit(newer.resolve("optimizer.safetensors"));
    try (RunDirectory run = RunDirectory.open(folder, new Retention(1))) {
      assertOlderWithWarning(run.checkpoints().newest(), "altered");
      run.save(SmallModel.state(150, null), SmallModel.at(150).tensors());
      CheckpointChoice choice = run.checkpoints().newest();
      assertEquals(List.of(), choice.warnings(), "the damaged one is gone");
      assertNotNull(choice.checkpoint());
      assertEquals(150, choice.checkpoint().state().step());
      run.save(SmallModel.state(200, 1.0), SmallModel.at(200).tensors());
      choice = run.checkpoints().newest();
      assertNotNull(choice.checkpoint());
      assertEquals(200, choice.checkpoint().state().step());
    }
  }

  @Test
  void checkpointThatCannotBeReadIsNeverDeleted() throws IOException {
    Path state = older.resolve("state.json");
    Files.writeString(state, Files.readString(state).replace("\"version\" : 2", "\"version\" : 3"));
    try (RunDirectory run = RunDirectory.open(folder, new Retention(1))) {
      run.save(SmallModel.state(300, 0.5), SmallModel.at(300).tensors());
    }
    assertTrue(Files.exists(state));
    assertTrue(Files.notExists(newer));
  }

  @Test
  void checkpointOfAnotherModelNamesTheTensorAndBothShapes() throws IOException {
    Checkpoint checkpoint = Checkpoint.verify(newer);
    SmallModel model = SmallModel.empty();
    List<NamedTensor> other =
        List.of(
            model.tensors().model().getLast(),
            new NamedTensor(
                TensorSpec.of("embedding.weight", ElementType.F32, 6, 17),
                Arena.ofAuto().allocate(6 * 17 * 4)));
    String message =
        assertThrows(CheckpointException.class, () -> checkpoint.load(CheckpointFile.MODEL, other))
            .getMessage();
    assertEquals(
        newer.resolve("model.safetensors")
            + " belongs to another model: 1 tensor differs"
            + "\n  embedding.weight: F32[6, 17] in the model, F32[5, 17] in the file"
            + "\nUse the configuration that it was trained with.",
        message);
  }

  private static void assertOlderWithWarning(CheckpointChoice choice, String warning) {
    assertNotNull(choice.checkpoint());
    assertEquals(100, choice.checkpoint().state().step());
    assertEquals(1, choice.warnings().size());
    assertTrue(choice.warnings().getFirst().contains(warning), choice.warnings().getFirst());
  }

  private static void flipLastBit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
  }
}
