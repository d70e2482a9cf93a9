package org.sigmoe.bench.measure;

import java.util.ArrayList;
import java.util.List;
import org.sigmoe.bench.work.TimedGraph;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Program;

/**
 * A graph on an engine. It is compiled several times, each with data and buffers of its own, and
 * runs take turns, so that no run finds in a cache what it is about to read. Nothing is fed or
 * fetched between runs. {@link Program#run} waits for the device.
 */
final class GraphContestant implements Contestant {
  /** All programs together are larger than any cache of a processor or an accelerator. */
  private static final long ENOUGH_BYTES = 512L << 20;

  private static final int MOST_PROGRAMS = 4;

  private final Engine engine;
  private final List<Program> programs = new ArrayList<>();
  private int runs;

  /** Makes a graph for a seed. */
  interface Source {
    /** The graph with the data of that seed. */
    TimedGraph of(long seed);
  }

  GraphContestant(Source source, EngineChoice choice) {
    engine = choice.open();
    try {
      int count;
      do {
        TimedGraph timed = source.of(programs.size() + 1);
        timed.fill(engine);
        Program program = engine.compile(timed.graph());
        programs.add(program);
        timed.feed(program);
        count = Math.clamp(Math.ceilDiv(ENOUGH_BYTES, size(timed, program)), 1, MOST_PROGRAMS);
      } while (programs.size() < count);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private static long size(TimedGraph timed, Program program) {
    long variables =
        timed.graph().variables().stream().mapToLong(held -> held.type().bytes()).sum();
    return Math.max(1, program.bytes() + variables);
  }

  @Override
  public void run() {
    programs.get(runs++ % programs.size()).run();
  }

  @Override
  public void close() {
    programs.forEach(Program::close);
    engine.close();
  }
}
