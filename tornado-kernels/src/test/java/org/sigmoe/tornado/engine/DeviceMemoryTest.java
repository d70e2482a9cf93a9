package org.sigmoe.tornado.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.tornado.device.Devices;
import org.sigmoe.tornado.kernel.Bf16Array;
import uk.ac.manchester.tornado.runtime.common.TornadoXPUDevice;

final class DeviceMemoryTest {
  private static final long CAPACITY = 1000;

  private static DeviceMemory memory() {
    TornadoXPUDevice device = (TornadoXPUDevice) Devices.atHand().getFirst().tornado();
    return new DeviceMemory(device, CAPACITY, false);
  }

  @Test
  void namesOfAnArrayInBf16AreWholeQuadsAndTakeNoMemory() {
    try (DeviceMemory memory = memory()) {
      Bf16Array names = memory.nameBf16(4_001);
      assertEquals(4_004, names.shorts().getSize());
      assertEquals(2_002, names.pairs().getSize());
      assertEquals(1_001, names.quads().getSize());
      assertEquals(0, memory.used());
    }
  }

  @Test
  void arrayInBf16OfTooManyElementsIsRefusedByName() {
    try (DeviceMemory memory = memory()) {
      EngineException e =
          assertThrows(EngineException.class, () -> memory.nameBf16(5_000_000_000L));
      assertTrue(e.getMessage().contains("rounded to bf16 has 2,500,000,000"), e.getMessage());
    }
  }
}
