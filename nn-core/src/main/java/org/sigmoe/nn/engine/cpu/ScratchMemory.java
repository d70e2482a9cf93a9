package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.Arena;

/**
 * Native memory that each worker thread may use while it runs a chunk: one block a worker, as large
 * as the most demanding kernel asks for, shared by all kernels of a program.
 */
final class ScratchMemory {
  private static final int ALIGNMENT = 64;

  /** Float arrays placed one behind the other in a worker's block. */
  static final class Layout {
    private int bytes;

    /** Makes room for an array and returns its offset in bytes. */
    int add(int floats) {
      int offset = bytes;
      int size = Math.multiplyExact(floats, Float.BYTES);
      bytes = Math.addExact(bytes, Math.ceilDiv(size, ALIGNMENT) * ALIGNMENT);
      return offset;
    }
  }

  private final int workers;
  private long blockBytes;
  private long address;

  ScratchMemory(int workers) {
    this.workers = workers;
  }

  /** Called by kernels while they are built. */
  void require(Layout layout) {
    blockBytes = Math.max(blockBytes, layout.bytes);
  }

  /** Bytes of all blocks. */
  long bytes() {
    return blockBytes * workers;
  }

  /** Called once, when all kernels are built. */
  void allocate(Arena arena) {
    address = arena.allocate(Math.max(1, bytes()), ALIGNMENT).address();
  }

  /** Address of a worker's block. */
  long of(int worker) {
    return address + worker * blockBytes;
  }
}
