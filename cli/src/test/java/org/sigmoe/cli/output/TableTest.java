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
  void textIsAlignedToTheLeftWhereAskedFor() {
    Table table = new Table("flag", "memory", "device").leftAligned(2);
    table.row("a", "1 GiB", "GPU");
    table.row("bb", "12 GiB", "another");

    assertEquals(
        List.of("flag  memory  device", "a      1 GiB  GPU", "bb    12 GiB  another"),
        table.lines());
  }

  @Test
  void rowOfOtherLengthIsRefused() {
    Table table = new Table("part", "n");

    assertThrows(IllegalArgumentException.class, () -> table.row("a"));
  }
}
