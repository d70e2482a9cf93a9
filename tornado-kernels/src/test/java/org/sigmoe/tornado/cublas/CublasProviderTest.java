package org.sigmoe.tornado.cublas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.device.Backend;
import org.sigmoe.tornado.device.Device;
import org.sigmoe.tornado.device.Devices;
import uk.ac.manchester.tornado.api.common.LibraryTaskDescriptor;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;
import uk.ac.manchester.tornado.runtime.library.LibraryRegistry;

final class CublasProviderTest {

  @Test
  void tornadoVmFindsTheProviderAndKeepsItFromDevicesWithoutCuda() {
    for (Device device : Devices.atHand()) {
      TornadoXPUDevice tornado = (TornadoXPUDevice) device.tornado();
      if (device.backend() == Backend.CUDA) {
        assertNotNull(LibraryRegistry.findProvider(CublasTask.LIBRARY, tornado));
      } else {
        TornadoRuntimeException e =
            assertThrows(
                TornadoRuntimeException.class,
                () -> LibraryRegistry.findProvider(CublasTask.LIBRARY, tornado));
        assertTrue(e.getMessage().contains("not supported on device"), e.getMessage());
      }
    }
  }

  @Test
  void taskTakesArraysAlone() {
    FloatArray array = new FloatArray(1);
    GemmCall call = GemmCall.rowMajor(Precision.F32, Transpose.NO, Transpose.NO, 1, 1, 1, 1, 1);
    LibraryTaskDescriptor task = CublasTask.gemm(call, array, array, array, array);
    assertEquals(List.of(array, array, array, array), List.of(task.getParameters()));
    assertEquals(task.getParameters().length, task.getAccess().length);
    assertSame(call, task.getTuning());
  }

  @Test
  void taskOfABatchTakesTheSameArrays() {
    FloatArray array = new FloatArray(1);
    GemmCall call = GemmCall.rowMajor(Precision.F32, Transpose.NO, Transpose.NO, 1, 1, 1, 1, 1);
    GemmBatch.Matrices matrices = new GemmBatch.Matrices(0, 1);
    GemmBatch batch = GemmBatch.rowMajor(call, 2, matrices, matrices, matrices);
    LibraryTaskDescriptor task = CublasTask.gemmBatch(batch, array, array, array, array);
    assertEquals(List.of(array, array, array, array), List.of(task.getParameters()));
    assertSame(batch, task.getTuning());
  }
}
