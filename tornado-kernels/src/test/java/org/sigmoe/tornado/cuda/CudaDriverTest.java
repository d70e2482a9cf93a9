package org.sigmoe.tornado.cuda;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.sigmoe.nn.engine.EngineException;

final class CudaDriverTest {

  @Test
  void missingLibraryIsReportedWithItsNameAndWhatToDo() {
    EngineException e =
        assertThrows(EngineException.class, () -> CudaDriver.load("libabsent.so.2"));
    assertTrue(e.getMessage().contains("libabsent.so.2"), e.getMessage());
    assertTrue(e.getMessage().contains("LD_LIBRARY_PATH"), e.getMessage());
    assertTrue(e.getMessage().contains("OpenCL"), e.getMessage());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void libraryWithoutTheFunctionsIsReportedWithTheFirstThatIsMissing() {
    EngineException e = assertThrows(EngineException.class, () -> CudaDriver.load("libm.so.6"));
    assertTrue(e.getMessage().contains("cuCtxSetCurrent"), e.getMessage());
  }
}
