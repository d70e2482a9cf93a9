package org.sigmoe.xl.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sigmoe.nn.layer.DenseConfig;

class ModelConfigTest {
  private static final DenseConfig DENSE = new DenseConfig(8);

  private static void assertRefused(String key, Runnable construction) {
    String message = assertThrows(IllegalArgumentException.class, construction::run).getMessage();
    assertTrue(message.startsWith(key + ": "), message);
  }

  @Test
  void eachSizeOutOfRangeIsRefusedByItsKey() {
    assertRefused("vocabulary", () -> new ModelConfig(1, 8, 1, 2, 4, DENSE, 4, 4, 0));
    assertRefused("dModel", () -> new ModelConfig(9, 0, 1, 2, 4, DENSE, 4, 4, 0));
    assertRefused("dModel", () -> new ModelConfig(9, 7, 1, 2, 4, DENSE, 4, 4, 0));
    assertRefused("layers", () -> new ModelConfig(9, 8, 0, 2, 4, DENSE, 4, 4, 0));
    assertRefused("heads", () -> new ModelConfig(9, 8, 1, 0, 4, DENSE, 4, 4, 0));
    assertRefused("headSize", () -> new ModelConfig(9, 8, 1, 2, 0, DENSE, 4, 4, 0));
    assertRefused("headSize", () -> new ModelConfig(9, 8, 1, 1 << 20, 1 << 20, DENSE, 4, 4, 0));
    assertRefused("context", () -> new ModelConfig(9, 8, 1, 2, 4, DENSE, 0, 4, 0));
    assertRefused("memory", () -> new ModelConfig(9, 8, 1, 2, 4, DENSE, 4, 0, 0));
    assertRefused("dropout", () -> new ModelConfig(9, 8, 1, 2, 4, DENSE, 4, 4, 1));
    assertRefused("dropout", () -> new ModelConfig(9, 8, 1, 2, 4, DENSE, 4, 4, Double.NaN));
  }

  @Test
  void headsThatDoNotDivideTheModelNeedAHeadSize() {
    assertEquals(64, ModelConfig.defaultHeadSize(1024, 16));
    assertRefused("heads", () -> ModelConfig.defaultHeadSize(412, 10));
    assertRefused("heads", () -> ModelConfig.defaultHeadSize(412, 0));
  }

  @Test
  void vocabularyGivesWayToTheDatasOwn() {
    ModelConfig preset = new ModelConfig(8000, 8, 1, 2, 4, DENSE, 4, 6, 0.1);
    assertEquals(new ModelConfig(256, 8, 1, 2, 4, DENSE, 4, 6, 0.1), preset.withVocabulary(256));
  }
}
