package org.sigmoe.nn.optim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;
import org.sigmoe.nn.layer.Parameter;

/**
 * An optimiser step in a graph.
 *
 * @param gradientNorm output [1]: the global norm of the gradients before clipping
 * @param schedules what must be fed before each run
 * @param moments the optimiser's state, in the order of the parameters
 */
public record AdamWUpdate(Value gradientNorm, List<Schedule> schedules, List<Moments> moments) {

  /**
   * State of one parameter; both variables have its shape and start as zeros.
   *
   * @param parameter whose state it is
   * @param mean running mean of the gradient, named {@code PARAMETER.exp_avg} as in PyTorch
   * @param meanSquare running mean of its square, named {@code PARAMETER.exp_avg_sq}
   */
  public record Moments(Parameter parameter, Variable mean, Variable meanSquare) {}

  /**
   * The numbers of a step that change from one to the next.
   *
   * @param input f32[3] of the graph
   * @param config of the parameters that this schedule is for, which differ in their decay
   */
  public record Schedule(Value input, AdamW config) {
    /** Bytes of the input. */
    public static final long BYTES = 3L * Float.BYTES;

    /**
     * Writes the input for a step.
     *
     * @param step number of the step, from 1
     * @param learningRate of the step
     * @param target exactly {@link #BYTES} bytes
     */
    public void write(long step, double learningRate, MemorySegment target) {
      AdamWSchedule numbers = AdamWSchedule.of(config, step, learningRate);
      target.setAtIndex(ValueLayout.JAVA_FLOAT, 0, (float) numbers.stepSize());
      target.setAtIndex(ValueLayout.JAVA_FLOAT, 1, (float) numbers.correction());
      target.setAtIndex(ValueLayout.JAVA_FLOAT, 2, (float) numbers.decay());
    }
  }

  /**
   * Feeds what a step needs; before each run.
   *
   * @param program of the graph that the step was appended to
   * @param step number of the step, from 1
   * @param learningRate of the step
   */
  public void feed(Program program, long step, double learningRate) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate(Schedule.BYTES, Float.BYTES);
      for (int i = 0; i < schedules.size(); i++) {
        schedules.get(i).write(step, learningRate, numbers);
        program.feed(schedules.get(i).input(), numbers);
      }
    }
  }

  /** All state variables, for checkpoints. */
  public List<Variable> stateVariables() {
    return moments.stream().flatMap(state -> Stream.of(state.mean(), state.meanSquare())).toList();
  }
}
