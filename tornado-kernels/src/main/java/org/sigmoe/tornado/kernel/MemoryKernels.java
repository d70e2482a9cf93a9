package org.sigmoe.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Moving rows along the time dimension of tensors [batch, time, columns]. Launch shape of both:
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
