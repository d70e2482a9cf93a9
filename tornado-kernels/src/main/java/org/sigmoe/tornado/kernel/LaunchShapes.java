package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.WorkerGrid2D;

/**
 * How the threads of most kernels are laid out: work groups of {@value #GROUP}, whose meaning each
 * shape defines. A kernel's Javadoc names its shape; run with another one it is wrong.
 */
public final class LaunchShapes {
  /** Threads of a work group. */
  public static final int GROUP = 256;

  /** Threads that run together on CUDA's devices. */
  static final int WARP = 32;

  /** Elements that a group of the shape {@link #elements} covers. */
  static final int SPAN = 4 * GROUP;

  /** Adjacent columns that a group of the shape {@link #columns} covers. */
  static final int COLUMNS = 32;

  /** Rows that a group of the shape {@link #columns} reads at once. */
  static final int ROW_LANES = GROUP / COLUMNS;

  private LaunchShapes() {}

  /**
   * Flat: group g covers elements [1024 g, 1024 (g + 1)), its threads adjacent ones, 256 apart in
   * each of four steps.
   */
  public static WorkerGrid elements(int elements) {
    return groups(Math.ceilDiv(elements, SPAN));
  }

  /** Row by row: {@link #lanes} threads share a row, a group has as many rows as that leaves. */
  public static WorkerGrid rows(int rows, int columns) {
    return groups(Math.ceilDiv(rows, GROUP / lanes(columns)));
  }

  /** Row by row: a warp has a row, a group eight. */
  public static WorkerGrid warps(int rows) {
    return groups(Math.ceilDiv(rows, GROUP / WARP));
  }

  /** Whether {@link #rows} and {@link #warps} are the same for rows of so many columns. */
  public static boolean isOfWarps(int columns) {
    return lanes(columns) == WARP;
  }

  /** Columns of each of a warp's lanes. */
  public static int columnsOfLane(int columns) {
    return Math.ceilDiv(columns, WARP);
  }

  /**
   * Threads that share a row of so many columns: a power of two of at least a warp and at most a
   * group, for some 16 elements a thread.
   */
  public static int lanes(int columns) {
    return columns <= 512 ? 32 : columns <= 1024 ? 64 : columns <= 2048 ? 128 : GROUP;
  }

  /**
   * Down columns: group (x, y) covers 32 adjacent columns and chunk y of the rows, of which 8 are
   * read at once.
   */
  public static WorkerGrid columns(int columns, int chunks) {
    return groups(Math.ceilDiv(columns, COLUMNS), chunks);
  }

  /** So many groups of threads in one row. */
  public static WorkerGrid groups(int groups) {
    WorkerGrid1D grid = new WorkerGrid1D(Math.multiplyExact(groups, GROUP));
    grid.setLocalWork(GROUP, 1, 1);
    return grid;
  }

  /** So many groups in each direction, whose threads lie along x; y at most 65535 on CUDA. */
  public static WorkerGrid groups(int x, int y) {
    WorkerGrid2D grid = new WorkerGrid2D(Math.multiplyExact(x, GROUP), y);
    grid.setLocalWork(GROUP, 1, 1);
    return grid;
  }
}
