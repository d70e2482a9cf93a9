package org.sigmoe.nn.engine;

import java.lang.foreign.MemorySegment;
import org.sigmoe.nn.graph.Value;

/**
 * A compiled graph. One run: {@link #feed} every input (contents stay from run to run until fed
 * again), {@link #run}, {@link #fetch} outputs.
 */
public interface Program extends AutoCloseable {

  /**
   * Sets an input.
   *
   * @param input an input of the graph
   * @param data row-major elements in native byte order, of exactly the input's bytes
   */
  void feed(Value input, MemorySegment data);

  /** Runs all nodes and so updates the variables. */
  void run();

  /**
   * Gets an output of the last run.
   *
   * @param output a value that the graph marks as output
   * @param target room for exactly the output's bytes
   */
  void fetch(Value output, MemorySegment target);

  /** Bytes of working buffers, inputs and constants that this program holds, variables apart. */
  long bytes();

  @Override
  void close();
}
