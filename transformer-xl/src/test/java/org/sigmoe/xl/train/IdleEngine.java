package org.sigmoe.xl.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;

/** An engine that computes nothing, so that what is measured is what surrounds it. */
final class IdleEngine implements Engine {

  @Override
  public String description() {
    return "idle";
  }

  @Override
  public Program compile(Graph graph) {
    return new IdleProgram();
  }

  @Override
  public void write(Variable variable, MemorySegment data) {}

  @Override
  public void read(Variable variable, MemorySegment target) {}

  @Override
  public void close() {}

  private static final class IdleProgram implements Program {

    @Override
    public void feed(Value input, MemorySegment data) {}

    @Override
    public void run() {}

    @Override
    public void fetch(Value output, MemorySegment target) {
      target.setAtIndex(ValueLayout.JAVA_FLOAT, 0, 1);
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
