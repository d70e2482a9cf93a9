package org.sigmoe.nn.engine.cpu.gemm;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies a block of an operand into panels: groups of {@code width} consecutive rows of op(A), or
 * columns of op(B), stored so that the {@code width} elements of one k are side by side. The tile
 * then reads both operands front to back. bfloat16 is widened on the way; a last panel that is not
 * full is padded with zeros.
 */
final class Panels {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private Panels() {}

  /**
   * Packs a block.
   *
   * @param to destination [panels, depth, width]
   * @param width elements of a panel: rows of op(A) or columns of op(B)
   * @param from address of the block's first element
   * @param type element type at {@code from}
   * @param count rows of op(A) or columns of op(B) in the block
   * @param depth extent of the block along k
   * @param countStride elements from one row of op(A), or column of op(B), to the next
   * @param depthStride elements from one k to the next
   */
  static void pack(
      float[] to,
      int width,
      long from,
      OperandType type,
      int count,
      int depth,
      int countStride,
      int depthStride) {
    for (int first = 0; first < count; first += width) {
      int at = first * depth;
      int present = Math.min(width, count - first);
      long panel = from + (long) first * countStride * type.bytes();
      if (present < width) {
        Arrays.fill(to, at, at + width * depth, 0f);
      }
      if (countStride == 1 && present == width && width % LANES == 0 && type == OperandType.F32) {
        copyRows(to, at, width, panel, depth, depthStride);
      } else if (type == OperandType.F32) {
        gather(to, at, width, panel, present, depth, countStride, depthStride);
      } else {
        gatherBf16(to, at, width, panel, present, depth, countStride, depthStride);
      }
    }
  }

  private static void copyRows(
      float[] to, int start, int width, long from, int depth, int depthStride) {
    for (int p = 0; p < depth; p++) {
      long row = from + (long) p * depthStride * Float.BYTES;
      for (int j = 0; j < width; j += LANES) {
        FloatVector.fromMemorySegment(
                SPECIES, NativeMemory.ALL, row + (long) j * Float.BYTES, NativeMemory.ORDER)
            .intoArray(to, start + p * width + j);
      }
    }
  }

  private static void gather(
      float[] to,
      int start,
      int width,
      long from,
      int present,
      int depth,
      int countStride,
      int depthStride) {
    for (int j = 0; j < present; j++) {
      long column = from + (long) j * countStride * Float.BYTES;
      for (int p = 0; p < depth; p++) {
        to[start + p * width + j] =
            NativeMemory.getFloat(column + (long) p * depthStride * Float.BYTES);
      }
    }
  }

  private static void gatherBf16(
      float[] to,
      int start,
      int width,
      long from,
      int present,
      int depth,
      int countStride,
      int depthStride) {
    for (int j = 0; j < present; j++) {
      long column = from + (long) j * countStride * Bf16.BYTES;
      for (int p = 0; p < depth; p++) {
        to[start + p * width + j] =
            Bf16.toFloat(NativeMemory.getShort(column + (long) p * depthStride * Bf16.BYTES));
      }
    }
  }
}
