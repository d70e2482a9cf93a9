package org.sigmoe.tornado.cublas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.sigmoe.nn.engine.EngineException;

final class CublasTest {

  @Test
  void missingLibraryIsReportedWithItsNamesAndWhatToDo() {
    List<String> files = List.of("libabsent.so.2", "libabsent.so");
    EngineException e = assertThrows(EngineException.class, () -> Cublas.load(files));
    assertTrue(e.getMessage().contains("[libabsent.so.2, libabsent.so]"), e.getMessage());
    assertTrue(e.getMessage().contains("LD_LIBRARY_PATH"), e.getMessage());
    assertTrue(e.getMessage().contains("OpenCL"), e.getMessage());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void libraryWithoutTheFunctionsIsReportedWithTheFirstThatIsMissing() {
    List<String> other = List.of("libm.so.6");
    EngineException e = assertThrows(EngineException.class, () -> Cublas.load(other));
    assertTrue(e.getMessage().contains("cublasCreate_v2"), e.getMessage());
  }

  @Test
  void statusIsReportedWithNameAndMeaning() {
    assertEquals("CUBLAS_STATUS_INVALID_VALUE (7): an argument is wrong", CublasStatus.describe(7));
    assertEquals("unknown status 99", CublasStatus.describe(99));
  }
}
