package org.sigmoe.tornado.engine;

import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.WorkerGrid;

/**
 * One task, not yet in a task graph.
 *
 * @param kernel name of its kernel, for messages
 * @param node what it computes, for messages
 * @param arguments arrays and context objects that it takes; scalars too
 * @param threads on how many threads it runs; null lets TornadoVM choose
 * @param adder adds it to a task graph under an id
 */
record DeviceTask(
    String kernel,
    String node,
    List<Object> arguments,
    @Nullable WorkerGrid threads,
    BiConsumer<TaskGraph, String> adder) {

  @Override
  public String toString() {
    return "kernel " + kernel + " of " + node;
  }
}
