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
    int full = count / width * width;
    if (full < count) {
      Arrays.fill(to, full * depth, (full + width) * depth, 0f);
    }
    if (countStride == 1) {
      boolean byVectors = type == OperandType.F32 && width % LANES == 0;
      for (int p = 0; p < depth; p++) {
        long line = from + (long) p * depthStride * type.bytes();
        for (int first = 0; first < count; first += width) {
          int at = first * depth + p * width;
          long source = line + (long) first * type.bytes();
          if (byVectors && first < full) {
            copyVectors(to, at, source, width);
          } else {
            copy(to, at, 1, source, 1, type, Math.min(width, count - first));
          }
        }
      }
    } else {
      for (int i = 0; i < count; i++) {
        int at = (i - i % width) * depth + i % width;
        long source = from + (long) i * countStride * type.bytes();
        copy(to, at, width, source, depthStride, type, depth);
      }
    }
  }

  private static void copyVectors(float[] to, int start, long from, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector.fromMemorySegment(
              SPECIES, NativeMemory.ALL, from + (long) i * Float.BYTES, NativeMemory.ORDER)
          .intoArray(to, start + i);
    }
  }

  private static void copy(
      float[] to, int start, int toStride, long from, int stride, OperandType type, int count) {
    if (type == OperandType.F32) {
      for (int i = 0; i < count; i++) {
        to[start + i * toStride] = NativeMemory.getFloat(from + (long) i * stride * Float.BYTES);
      }
    } else {
      for (int i = 0; i < count; i++) {
        to[start + i * toStride] =
            Bf16.toFloat(NativeMemory.getShort(from + (long) i * stride * Bf16.BYTES));
      }
    }
  }
}
