package org.sigmoe.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void firstColumnIsToTheLeftAndOthersToTheRight() {
    Table table = new Table("part", "n");
    table.row("a", "1,000");
    table.row("longer", "");

    assertEquals(List.of("part        n", "a       1,000", "longer"), table.lines());
  }

  @Test
  void rowOfOtherLengthIsRefused() {
    Table table = new Table("part", "n");

    assertThrows(IllegalArgumentException.class, () -> table.row("a"));
  }
}
