package org.sigmoe.bench.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ModelShapeTest {

  @Test
  void sizeOfZeroIsRefusedByName() {
    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new ModelShape(256, 128, 4, 0, 32, 512, 128, 128, 32, 0.1));
    assertEquals("heads must be at least 1, but is 0", refused.getMessage());
  }

  @Test
  void dropoutOfEverythingIsRefused() {
    ModelShape tiny = new ModelShape(256, 128, 4, 4, 32, 512, 32, 64, 128, 0);
    var refused = assertThrows(IllegalArgumentException.class, () -> tiny.withDropout(1));
    assertTrue(refused.getMessage().contains("dropout"), refused.getMessage());
  }

  @Test
  void dropoutThatIsNoNumberIsRefused() {
    ModelShape tiny = new ModelShape(256, 128, 4, 4, 32, 512, 32, 64, 128, 0);
    assertThrows(IllegalArgumentException.class, () -> tiny.withDropout(Double.NaN));
  }
}
