package org.sigmoe.tornado.kernel.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * 32 threads with adjacent numbers and what they do together, as TornadoVM's CUDA backend has it:
 * the n-th such call of each lane belongs to one instruction, which is carried out when the last
 * lane comes.
 */
final class Warp {
  static final int LANES = 32;

  /** An instruction to which not all lanes have come. */
  private static final class Open {
    private final String name;
    private final Object[] lanes = new Object[LANES];
    private int come;

    Open(String name) {
      this.name = name;
    }
  }

  private final WorkGroup group;
  private final int firstThread;
  private final List<Open> open = new ArrayList<>();
  private final int[] calls = new int[LANES];
  private int done;

  Warp(WorkGroup group, int firstThread) {
    this.group = group;
    this.firstThread = firstThread;
    group.add(this);
  }

  int lane(int thread) {
    return thread - firstThread;
  }

  /** Brings a lane to its next instruction; the last one carries it out. */
  void meet(String name, int thread, Object brought, Consumer<Object[]> instruction) {
    int lane = lane(thread);
    int index = calls[lane]++ - done;
    if (index == open.size()) {
      open.add(new Open(name));
    }
    Open meeting = open.get(index);
    if (!meeting.name.equals(name)) {
      throw new IllegalStateException(
          "%s where another lane of the warp calls %s".formatted(name, meeting.name));
    }
    meeting.lanes[lane] = brought;
    if (++meeting.come == LANES) {
      open.removeFirst();
      done++;
      instruction.accept(meeting.lanes);
    }
  }

  /** To be called when threads stand still: all lanes must have come to the same instructions. */
  void requireNothingOpen() {
    if (!open.isEmpty()) {
      throw new IllegalStateException(
          "only %d of the %d lanes from thread %d on came to %s"
              .formatted(open.getFirst().come, LANES, firstThread, open.getFirst().name));
    }
  }

  /** As {@link #meet}; no lane goes on before all have come. */
  void meetAndWait(String name, int thread, Object brought, Consumer<Object[]> instruction) {
    meet(name, thread, brought, lanes -> carryOutAndWake(lanes, instruction));
    if (calls[lane(thread)] > done) {
      group.awaitWarp(thread);
    }
  }

  private void carryOutAndWake(Object[] lanes, Consumer<Object[]> instruction) {
    instruction.accept(lanes);
    for (int lane = 0; lane < LANES; lane++) {
      group.wake(firstThread + lane);
    }
  }

  /** What a lane receives when each has brought a value. */
  float exchange(String name, int thread, float value, UnaryOperator<float[]> exchanged) {
    float[] mine = {value};
    meetAndWait(name, thread, mine, lanes -> exchange(lanes, exchanged));
    return mine[0];
  }

  private static void exchange(Object[] lanes, UnaryOperator<float[]> exchanged) {
    float[] values = new float[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      values[lane] = ((float[]) lanes[lane])[0];
    }
    values = exchanged.apply(values);
    for (int lane = 0; lane < LANES; lane++) {
      ((float[]) lanes[lane])[0] = values[lane];
    }
  }

  /** The sum of all values for each lane, added up in the order of a butterfly. */
  static float[] sums(float[] values) {
    float[] sums = values.clone();
    for (int distance = LANES / 2; distance > 0; distance /= 2) {
      float[] before = sums.clone();
      for (int lane = 0; lane < LANES; lane++) {
        sums[lane] = before[lane] + before[lane ^ distance];
      }
    }
    return sums;
  }
}
