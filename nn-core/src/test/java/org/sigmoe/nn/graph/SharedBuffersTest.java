package org.sigmoe.nn.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SharedBuffersTest {
  private static SharedBuffers.Need need(long elements, int begin, int end) {
    return new SharedBuffers.Need(DType.F32, elements, begin, end);
  }

  @Test
  void whatIsNeededAtDifferentTimesSharesTheBufferOfTheLargest() {
    SharedBuffers shared = SharedBuffers.of(List.of(need(3, 0, 1), need(7, 2, 5), need(4, 6, 6)));
    assertEquals(List.of(new BufferPlan.Buffer(DType.F32, 7)), shared.buffers());
  }

  @Test
  void whatIsNeededAtTheSameTimeDoesNot() {
    SharedBuffers shared = SharedBuffers.of(List.of(need(3, 0, 2), need(3, 2, 4)));
    assertNotEquals(shared.bufferOf(0), shared.bufferOf(1));
  }

  @Test
  void otherTypesDoNot() {
    SharedBuffers.Need integers = new SharedBuffers.Need(DType.I32, 3, 5, 6);
    assertEquals(2, SharedBuffers.of(List.of(need(3, 0, 1), integers)).buffers().size());
  }

  /** A small need that comes first would otherwise take a buffer that is too short for the next. */
  @Test
  void largestChoosesFirst() {
    SharedBuffers shared = SharedBuffers.of(List.of(need(1, 0, 0), need(9, 1, 1), need(9, 0, 0)));
    assertEquals(10, shared.buffers().stream().mapToLong(BufferPlan.Buffer::elements).sum());
    assertEquals(shared.bufferOf(1), shared.bufferOf(2));
  }
}
