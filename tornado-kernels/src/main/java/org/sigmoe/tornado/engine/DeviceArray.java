package org.sigmoe.tornado.engine;

import java.lang.foreign.MemorySegment;
import org.sigmoe.nn.graph.DType;
import uk.ac.manchester.tornado.api.memory.XPUBuffer;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * An array that lives on the device only. Tasks name it by a {@link TornadoNativeArray} that has
 * its length but no memory on the host behind it.
 */
final class DeviceArray {
  private final DType dtype;
  private final long elements;
  private final TornadoNativeArray name;
  private final XPUBuffer buffer;

  DeviceArray(DType dtype, long elements, TornadoNativeArray name, XPUBuffer buffer) {
    this.dtype = dtype;
    this.elements = elements;
    this.name = name;
    this.buffer = buffer;
  }

  /** An array of TornadoVM over memory of ours, header included. */
  static TornadoNativeArray wrap(DType dtype, MemorySegment headerAndElements) {
    return switch (dtype) {
      case F32 -> FloatArray.fromSegmentShallow(headerAndElements);
      case I32 -> IntArray.fromSegmentShallow(headerAndElements);
    };
  }

  DType dtype() {
    return dtype;
  }

  long elements() {
    return elements;
  }

  /** Bytes of the elements. */
  long bytes() {
    return elements * dtype.bytes();
  }

  /** What tasks take as argument. */
  TornadoNativeArray name() {
    return name;
  }

  XPUBuffer buffer() {
    return buffer;
  }
}
