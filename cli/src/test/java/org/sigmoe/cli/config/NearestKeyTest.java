package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestKeyTest {
  private static final List<String> KEYS =
      List.of(
          "steps",
          "model.dModel",
          "model.heads",
          "validation.everySteps",
          "checkpoints.everySteps");

  @ParameterizedTest
  @CsvSource({
    "stesp, steps",
    "d_model, model.dModel",
    "model.nHeads, model.heads",
    "checkpoint.every-steps, checkpoints.everySteps",
    "valid.everysteps, validation.everySteps"
  })
  void differsLeastByLetters(String written, String meant) {
    assertEquals(Optional.of(meant), NearestKey.of(written, KEYS));
  }

  @Test
  void nothingIsNearNothing() {
    assertEquals(Optional.empty(), NearestKey.of("steps", List.of()));
  }
}
