package org.sigmoe.nn.engine.cpu.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.graph.op.Transpose;

class GemmsTest {
  private String before = "";

  @BeforeEach
  void remember() {
    before = System.getProperty(Gemms.PROPERTY, "");
  }

  @AfterEach
  void restore() {
    System.setProperty(Gemms.PROPERTY, before);
  }

  private static Gemms.Choice choose(String name) {
    System.setProperty(Gemms.PROPERTY, name);
    return Gemms.choose();
  }

  @Test
  void oneDnnIsChosenWhereItLoads() {
    Gemms.Choice choice = choose("");
    try (Gemm gemm = choice.gemm()) {
      assertEquals(OneDnnGemm.NAME, gemm.name(), choice.reason());
      assertTrue(choice.reason().startsWith("matrix products: oneDNN 3."), choice.reason());
    }
  }

  @Test
  void javaCanBeAskedFor() {
    Gemms.Choice choice = choose("java");
    try (Gemm gemm = choice.gemm()) {
      assertEquals(JavaGemm.NAME, gemm.name());
      assertTrue(choice.reason().contains("asked for by -Dsigmoe.gemm"), choice.reason());
    }
  }

  @Test
  void unknownNameIsRefused() {
    Exception refused = assertThrows(IllegalArgumentException.class, () -> choose("mkl"));
    assertEquals("-Dsigmoe.gemm is \"mkl\", must be onednn or java", refused.getMessage());
  }

  @Test
  void missingLibraryIsAReasonToUseJava() {
    Gemms.Choice choice =
        Gemms.fastest(
            () -> {
              throw new GemmException("no such file");
            });
    try (Gemm gemm = choice.gemm()) {
      assertEquals(JavaGemm.NAME, gemm.name());
      assertTrue(choice.reason().endsWith("(oneDNN did not load: no such file)"), choice.reason());
    }
  }

  @Test
  void closedLibraryRefusesToPlan() {
    Gemm gemm = new OneDnnGemm();
    gemm.close();
    GemmShape shape = GemmShape.of(2, 3, 4, Transpose.NO, Transpose.NO);
    assertThrows(IllegalStateException.class, () -> gemm.plan(shape));
  }

  @Test
  void productsUseTheCallingThreadOnly() throws Exception {
    Path tasks = Path.of("/proc/self/task");
    assumeTrue(Files.isDirectory(tasks), "native threads can be listed");
    // The workers of OpenMP inherit the name of the thread that starts them.
    String name = "lone-product";
    GemmShape shape = GemmShape.of(512, 512, 512, Transpose.NO, Transpose.NO);
    AtomicInteger found = new AtomicInteger();
    try (Gemm gemm = new OneDnnGemm();
        GemmPlan plan = gemm.plan(shape);
        Arena arena = Arena.ofShared()) {
      GemmCase data = new GemmCase(shape, arena, 7);
      Thread thread =
          new Thread(
              () -> {
                plan.run(data.a(), data.b(), data.c());
                found.set(count(tasks, name));
              },
              name);
      thread.start();
      thread.join();
    }
    assertEquals(1, found.get());
  }

  private static int count(Path tasks, String name) {
    int count = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
      for (Path task : all) {
        try {
          count += Files.readString(task.resolve("comm")).strip().equals(name) ? 1 : 0;
        } catch (IOException ended) {
          // A thread of the JVM that ended meanwhile is not one of the product's.
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return count;
  }
}
