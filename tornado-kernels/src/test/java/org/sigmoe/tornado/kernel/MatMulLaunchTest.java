package org.sigmoe.tornado.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MatMulLaunchTest {

  @ParameterizedTest
  @CsvSource({
    "5, 1, 1",
    "64, 64, 15",
    "100, 100, 2000",
    "412, 2053, 16384",
    "16384, 412, 2053",
    "412, 412, 16383",
    "8000, 412, 16384",
    "7, 7, 100000",
  })
  void partsCoverTheSumsAndGroupsTheTiles(int m, int n, int k) {
    MatMulLaunch.Tiles tiles =
        assertInstanceOf(MatMulLaunch.Tiles.class, MatMulLaunch.of(m, n, k, 1));
    int edge = 16 * tiles.values();
    int tilesOfResult = Math.ceilDiv(m, edge) * Math.ceilDiv(n, edge);
    assertEquals(tilesOfResult * tiles.parts(), tiles.groups());
    assertTrue((long) tiles.parts() * tiles.chunk() >= k, "all terms are in a part");
    assertTrue((long) (tiles.parts() - 1) * tiles.chunk() < k, "no part is empty");
    assertEquals(0, tiles.chunk() % MatMulKernels.STEP);
  }

  @Test
  void weightGradientsAreSplitSoThatAGpuIsBusy() {
    for (int columns : new int[] {412, 824, 2053}) {
      MatMulLaunch launch = MatMulLaunch.of(412, columns, 16384, columns);
      assertTrue(launch.groups() >= MatMulLaunch.ENOUGH_GROUPS, columns + ": " + launch);
    }
  }

  @Test
  void productsWithManyTilesAreNotSplit() {
    MatMulLaunch.Tiles tiles =
        assertInstanceOf(MatMulLaunch.Tiles.class, MatMulLaunch.of(16384, 2053, 412, 1));
    assertEquals(8, tiles.values());
    assertEquals(1, tiles.parts());
  }

  @Test
  void fewRowsTakeNoTiles() {
    assertInstanceOf(MatMulLaunch.Rows.class, MatMulLaunch.of(1, 8000, 412, 1));
    assertInstanceOf(MatMulLaunch.Tiles.class, MatMulLaunch.of(5, 8000, 412, 1));
  }
}
