package org.sigmoe.xl.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.checkpoint.CheckpointException;

class RunLockTest {

  @TempDir Path folder;

  @Test
  void lockKeepsOtherProcessesOutUntilItsHolderIsKilled() throws Exception {
    Path file = folder.resolve("run.lock");
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = holder.inputReader()) {
      assertEquals("locked", output.readLine());
      String message =
          assertThrows(CheckpointException.class, () -> RunLock.acquire(file).close()).getMessage();
      assertEquals(
          folder
              + " is in use: process "
              + holder.pid()
              + " is training there; wait for it to end, or use another folder",
          message);
      holder.destroyForcibly().waitFor();
      RunLock.acquire(file).close();
    } finally {
      holder.destroyForcibly();
    }
  }

  @Test
  void folderThatCannotBeWrittenIsReported() {
    Path file = folder.resolve("none/run.lock");
    String message =
        assertThrows(CheckpointException.class, () -> RunLock.acquire(file).close()).getMessage();
    assertEquals("cannot lock " + file + ": there is no such file or folder", message);
  }

  /** Another process: takes the lock, says so, and waits to be killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      try (RunLock lock = RunLock.acquire(Path.of(args[0]))) {
        System.out.println("locked");
        int end = System.in.read();
        System.out.println(lock + " released at " + end);
      }
    }
  }
}
