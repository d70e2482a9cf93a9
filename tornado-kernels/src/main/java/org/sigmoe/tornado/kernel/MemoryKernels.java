package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Moving rows along the time dimension of tensors [batch, time, columns]. Launch shape of all:
 * {@link LaunchShapes#elements} of what a kernel's Javadoc says. f32. OpenCL and CUDA.
 */
public final class MemoryKernels {
  private MemoryKernels() {}

  /**
   * For each batch row copies {@code width} adjacent elements: joins and splits along time. Launch
   * shape: of batch * width elements.
   *
   * @param batch batch rows
   * @param width time steps * columns that are copied
   * @param sourceWidth elements of a batch row of the source
   * @param sourceOffset first element in it
   * @param targetWidth elements of a batch row of the target
   * @param targetOffset first element in it
   */
  public static void copySlices(
      KernelContext context,
      FloatArray source,
      int batch,
      int width,
      int sourceWidth,
      int sourceOffset,
      int targetWidth,
      int targetOffset,
      FloatArray target) {
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, batch * width);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      int row = i / width;
      int element = i % width;
      float moved = source.get(row * sourceWidth + sourceOffset + element);
      target.set(row * targetWidth + targetOffset + element, moved);
    }
  }

  /**
   * For each batch row rounds all time steps of the source to bf16, into adjacent ones of the
   * target. Launch shape: of batch * rows * targetPitch / 2 pairs.
   *
   * @param source [batch, rows, columns]
   * @param rows time steps of the source
   * @param targetRows time steps of the target
   * @param firstRow first of them that is written
   * @param targetPitch columns of the target, those that the source lacks 0
   * @param target [batch, targetRows, targetPitch] as {@link Bf16Pairs}
   */
  public static void roundSlices(
      KernelContext context,
      FloatArray source,
      int batch,
      int rows,
      int columns,
      int targetRows,
      int firstRow,
      int targetPitch,
      IntArray target) {
    int pairsOfRow = targetPitch / 2;
    int start = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(start + LaunchShapes.SPAN, batch * rows * pairsOfRow);
    for (int i = start; i < end; i += LaunchShapes.GROUP) {
      int row = i / pairsOfRow;
      int pair = i - row * pairsOfRow;
      float first = Bf16Pairs.orZero(source, row * columns, 2 * pair, columns);
      float second = Bf16Pairs.orZero(source, row * columns, 2 * pair + 1, columns);
      int batchRow = row / rows;
      int to = batchRow * targetRows + firstRow + row - batchRow * rows;
      target.set(to * pairsOfRow + pair, Bf16Pairs.of(first, second));
    }
  }

  /**
   * memory becomes the last elements of memory followed by x, for each batch row, in place: a
   * thread moves all elements that lie whole segments apart, first to last, so that none is
   * overwritten before it is read. Launch shape: of batch * min(memoryWidth, segmentWidth)
   * elements.
   *
   * @param memory [batch, memoryWidth], where a width is time steps * columns
   * @param x [batch, segmentWidth]
   */
  public static void shift(
      KernelContext context,
      FloatArray memory,
      FloatArray x,
      int batch,
      int memoryWidth,
      int segmentWidth) {
    int stride = Math.min(memoryWidth, segmentWidth);
    int first = context.groupIdx * LaunchShapes.SPAN + context.localIdx;
    int end = Math.min(first + LaunchShapes.SPAN, batch * stride);
    for (int i = first; i < end; i += LaunchShapes.GROUP) {
      int row = i / stride;
      for (int to = i % stride; to < memoryWidth; to += segmentWidth) {
        int from = to + segmentWidth;
        float moved;
        if (from < memoryWidth) {
          moved = memory.get(row * memoryWidth + from);
        } else {
          moved = x.get(row * segmentWidth + (from - memoryWidth));
        }
        memory.set(row * memoryWidth + to, moved);
      }
    }
  }
}
