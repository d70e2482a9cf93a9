package org.sigmoe.cli.info;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PartRowTest {

  private static ModelPart part(String name, long parameters) {
    return new ModelPart(name, parameters, 1, 2);
  }

  private static List<String> rows(ModelPart... parts) {
    return PartRow.of(List.of(parts)).stream().map(row -> row.times() + " " + row.name()).toList();
  }

  @Test
  void layersThatTakeTheSameAreOneRowForEachOfTheirParts() {
    assertEquals(
        List.of("1 embedding", "3 layers.0-2.attention", "3 layers.0-2.block", "1 output"),
        rows(
            part("embedding", 9),
            part("layers.0.attention", 5),
            part("layers.0.block", 6),
            part("layers.1.attention", 5),
            part("layers.1.block", 6),
            part("layers.2.attention", 5),
            part("layers.2.block", 6),
            part("output", 9)));
  }

  @Test
  void layerThatDiffersBeginsARow() {
    assertEquals(
        List.of("2 layers.0-1.block", "1 layers.2.block", "2 layers.3-4.block"),
        rows(
            part("layers.0.block", 6),
            part("layers.1.block", 6),
            part("layers.2.block", 7),
            part("layers.3.block", 6),
            part("layers.4.block", 6)));
  }
}
