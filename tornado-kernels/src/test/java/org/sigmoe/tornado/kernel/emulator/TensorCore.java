package org.sigmoe.tornado.kernel.emulator;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The products of 16-bit matrices of one warp. Which lane names, receives and stores what is
 * TornadoVM's CUDA backend's doing: {@code ldmatrix} and {@code mma.sync.m16n8k16} of PTX, with
 * tiles whose rows of 16 (A) and 8 (B) numbers lie one after the other. Kernels cannot look into
 * fragments, so lanes need not wait for theirs to be filled.
 */
final class TensorCore {
  /** Rows, columns and terms of one tensor-core product. */
  private static final int M = 16;

  private static final int N = 8;
  private static final int K = 16;

  /** Which factor a fragment is of, loaded as 8 x 8 matrices of 16-bit numbers. */
  enum Operand {
    /** ldmatrix.x4: tile [m][k] of 32 bytes a row. */
    A(4) {
      @Override
      int standardOffset(int lane) {
        return (lane % 8 + lane / 8 % 2 * 8) * 32 + lane / 16 * 16;
      }

      @Override
      int row(int lane, int half) {
        return lane / 4;
      }

      @Override
      int column(int lane, int half) {
        return lane % 4 * 2 + half;
      }
    },
    /** ldmatrix.x2.trans: tile [k][n] of 16 bytes a row, handed out by columns. */
    B(2) {
      @Override
      int standardOffset(int lane) {
        return lane % 8 * 16 + lane / 8 % 2 * 128;
      }

      @Override
      int row(int lane, int half) {
        return lane % 4 * 2 + half;
      }

      @Override
      int column(int lane, int half) {
        return lane / 4;
      }
    };

    private final int matrices;

    Operand(int matrices) {
      this.matrices = matrices;
    }

    /** Byte at which the row begins that a lane names, if it adds no offset of its own. */
    abstract int standardOffset(int lane);

    /** Row, in its matrix, of one of the two numbers that a lane receives. */
    abstract int row(int lane, int half);

    /** As {@link #row}. */
    abstract int column(int lane, int half);
  }

  /** 8 numbers that a lane names, as ints, and where what it receives goes. */
  private record Load(int[] row, HalfFloat[] fragment) {}

  private record Product(HalfFloat[] a, HalfFloat[] b, float[] c, float[] sum) {}

  private record Store(float[] fragment, FloatArray to, int row, int column, int columns) {}

  /** Bits of a 16-bit number to its value. */
  interface Decoder {
    float value(short bits);
  }

  private final LocalMemory memory;
  private final Warp warp;

  TensorCore(LocalMemory memory, Warp warp) {
    this.memory = memory;
    this.warp = warp;
  }

  /**
   * Loads a fragment. All lanes do so together: none stores anything before all have loaded.
   *
   * @param ints in the tile
   * @param byteOffset of this lane, added to the standard address of the row that it names
   * @param tile the ints of the tile, in local memory
   */
  HalfFloat[] load(Operand operand, int thread, int ints, int byteOffset, IntUnaryOperator tile) {
    memory.requireAligned();
    int lane = warp.lane(thread);
    int[] row = new int[4];
    if (lane < operand.matrices * 8) {
      int at = operand.standardOffset(lane) + byteOffset;
      if (at % 16 != 0 || at < 0 || at + 16 > ints * Integer.BYTES) {
        throw new IllegalStateException(
            "lane %d loads 16 bytes from byte %d of a tile of %d bytes: not all of it, or not aligned"
                .formatted(lane, at, ints * Integer.BYTES));
      }
      Arrays.setAll(row, i -> tile.applyAsInt(at / Integer.BYTES + i));
    }
    HalfFloat[] fragment = new HalfFloat[operand.matrices * 2];
    warp.meetAndWait(
        "mmaLoad" + operand, thread, new Load(row, fragment), lanes -> handOut(operand, lanes));
    return fragment;
  }

  private static void handOut(Operand operand, Object[] lanes) {
    for (int lane = 0; lane < Warp.LANES; lane++) {
      HalfFloat[] fragment = ((Load) lanes[lane]).fragment();
      for (int i = 0; i < fragment.length; i++) {
        int matrix = i / 2;
        int[] row = ((Load) lanes[matrix * 8 + operand.row(lane, i % 2)]).row();
        int column = operand.column(lane, i % 2);
        fragment[i] = new HalfFloat((short) (row[column / 2] >> column % 2 * 16));
      }
    }
  }

  /**
   * c + a b. Products are exact, as in the hardware; the sum is rounded once.
   *
   * @return a fragment that is filled when all lanes have come
   */
  float[] multiply(
      String name,
      int thread,
      HalfFloat[] a,
      HalfFloat[] b,
      float[] c,
      MMAShape shape,
      Decoder decoder) {
    if (shape != MMAShape.M16N8K16 || a.length != 8 || b.length != 4 || c.length != 4) {
      throw new IllegalArgumentException(
          "%s of %s with fragments of %d, %d and %d numbers: only M16N8K16 with 8, 4 and 4"
              .formatted(name, shape, a.length, b.length, c.length));
    }
    float[] sum = {Float.NaN, Float.NaN, Float.NaN, Float.NaN};
    warp.meet(name, thread, new Product(a, b, c, sum), lanes -> multiply(lanes, decoder));
    return sum;
  }

  private static void multiply(Object[] lanes, Decoder decoder) {
    float[][] a = new float[M][K];
    float[][] b = new float[K][N];
    for (int lane = 0; lane < Warp.LANES; lane++) {
      Product mine = (Product) lanes[lane];
      for (int i = 0; i < 8; i++) {
        int row = Operand.A.row(lane, i % 2) + i / 2 % 2 * 8;
        int term = Operand.A.column(lane, i % 2) + i / 4 * 8;
        a[row][term] = decoder.value(mine.a()[i].getHalfFloatValue());
      }
      for (int i = 0; i < 4; i++) {
        int term = Operand.B.row(lane, i % 2) + i / 2 * 8;
        b[term][Operand.B.column(lane, i % 2)] = decoder.value(mine.b()[i].getHalfFloatValue());
      }
    }
    for (int lane = 0; lane < Warp.LANES; lane++) {
      Product mine = (Product) lanes[lane];
      for (int i = 0; i < 4; i++) {
        double sum = mine.c()[i];
        for (int k = 0; k < K; k++) {
          sum += (double) a[sumRow(lane, i)][k] * b[k][sumColumn(lane, i)];
        }
        mine.sum()[i] = (float) sum;
      }
    }
  }

  /** Row of element i of a lane's sums. */
  private static int sumRow(int lane, int i) {
    return lane / 4 + i / 2 * 8;
  }

  /** Column of element i of a lane's sums. */
  private static int sumColumn(int lane, int i) {
    return lane % 4 * 2 + i % 2;
  }

  /** Stores sums at (row, column) of a matrix with so many columns. */
  void store(int thread, float[] fragment, FloatArray to, int row, int column, int columns) {
    Store store = new Store(fragment, to, row, column, columns);
    warp.meet("mmaStore", thread, store, TensorCore::store);
  }

  private static void store(Object[] lanes) {
    for (int lane = 0; lane < Warp.LANES; lane++) {
      Store mine = (Store) lanes[lane];
      for (int i = 0; i < 4; i++) {
        int row = mine.row() + sumRow(lane, i);
        int at = row * mine.columns() + mine.column() + sumColumn(lane, i);
        mine.to().set(Objects.checkIndex(at, mine.to().getSize()), mine.fragment()[i]);
      }
    }
  }
}
