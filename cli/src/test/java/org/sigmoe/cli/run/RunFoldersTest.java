package org.sigmoe.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFoldersTest {

  @Test
  void runIsNamedByTimeAndPreset() {
    assertEquals(
        Path.of("runs", "2026-01-02-030405-tiny"),
        RunFolders.named(LocalDateTime.of(2026, 1, 2, 3, 4, 5), "tiny"));
  }

  @Test
  void fileIsNoFolderForARun(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertTrue(
        assertThrows(UsageException.class, () -> RunFolders.requireFree(file))
            .getMessage()
            .contains("is a file"));
  }

  @Test
  void folderWithOtherFilesIsFree(@TempDir Path folder) throws IOException {
    Files.createFile(folder.resolve("notes"));

    RunFolders.requireFree(folder);
  }
}
