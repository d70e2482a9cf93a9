package org.sigmoe.nn.engine;

import java.lang.foreign.MemorySegment;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Variable;

/**
 * Runs graphs on one device. It owns the contents of variables, which all its programs share: a
 * training and an evaluation program of one engine see the same parameters.
 *
 * <p>Order of calls: {@link #write} the variables that do not start as zeros, {@link #compile},
 * then run programs; {@link #close} frees everything. Not safe for use by several threads at once.
 */
public interface Engine extends AutoCloseable {

  /** What it is, for logs: device, threads, precision, libraries. */
  String description();

  /**
   * Compiles a graph. The graph must not change afterwards.
   *
   * @throws EngineException if the graph needs more memory than there is (the message says how
   *     much) or something that this engine lacks
   */
  Program compile(Graph graph);

  /**
   * Sets the contents of a variable.
   *
   * @param data row-major elements in native byte order, of exactly the variable's bytes
   */
  void write(Variable variable, MemorySegment data);

  /**
   * Gets the contents of a variable: zeros if nothing was written.
   *
   * @param target room for exactly the variable's bytes
   */
  void read(Variable variable, MemorySegment target);

  @Override
  void close();
}
