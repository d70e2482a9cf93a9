package org.sigmoe.tornado.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.tornado.device.Devices;

/** Graphs over TornadoVM's limits on a task graph. */
class SplitTest {
  private static DeviceTask task(List<Object> arguments) {
    return new DeviceTask("kernel", "a node", arguments, null, (graph, id) -> {});
  }

  @Test
  void nothingIsSplitWithinTheLimits() {
    List<DeviceTask> tasks = Collections.nCopies(TaskGraphs.MAX_TASKS, task(List.of()));
    assertEquals(1, TaskGraphs.split(tasks).size());
  }

  @Test
  void tasksAboveTheirLimitGoToTheNextTaskGraph() {
    List<DeviceTask> tasks = Collections.nCopies(TaskGraphs.MAX_TASKS + 1, task(List.of()));
    assertEquals(
        List.of(TaskGraphs.MAX_TASKS, 1),
        TaskGraphs.split(tasks).stream().map(List::size).toList());
  }

  @Test
  void nodesAboveTheirLimitGoToTheNextTaskGraph() {
    List<DeviceTask> tasks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      tasks.add(task(IntStream.range(0, 15).<Object>mapToObj(_ -> new int[1]).toList()));
    }
    List<List<DeviceTask>> graphs = TaskGraphs.split(tasks);
    assertEquals(tasks, graphs.stream().flatMap(List::stream).toList());
    int nodesOfTask = 1 + 15 + 15 * 3;
    graphs.forEach(graph -> assertTrue(graph.size() * nodesOfTask <= TaskGraphs.MAX_NODES));
  }

  /** Equal scalars are one node, but each use of one is written down. */
  @Test
  void codeAboveItsLimitGoesToTheNextTaskGraph() {
    int codeOfTask = 15 + 20 * 5;
    int most = TaskGraphs.MAX_CODE / codeOfTask;
    List<DeviceTask> tasks =
        Collections.nCopies(most + 1, task(Collections.nCopies(20, (Object) 1)));
    assertEquals(List.of(most, 1), TaskGraphs.split(tasks).stream().map(List::size).toList());
  }

  @Test
  void taskWithTooManyArgumentsIsNamed() {
    DeviceTask task = task(Collections.nCopies(21, (Object) 1));
    EngineException e = assertThrows(EngineException.class, () -> TaskGraphs.split(List.of(task)));
    assertTrue(e.getMessage().contains("kernel kernel of a node"), e.getMessage());
  }

  @Test
  void valuesPassFromOneTaskGraphToTheNextInEveryRun() {
    int nodes = 260;
    Graph graph = new Graph();
    Value x = graph.input("x", TensorType.f32(5));
    Value sum = x;
    for (int i = 0; i < nodes; i++) {
      sum = graph.apply(new Add(), sum, x).result(0);
    }
    graph.output(sum);
    try (TornadoEngine engine =
            new TornadoEngine(EngineOptions.defaults(), Devices.choose(Optional.empty()));
        Program program = engine.compile(graph);
        Arena arena = Arena.ofConfined()) {
      assertTrue(((TornadoProgram) program).taskGraphs() > 1);
      MemorySegment result = arena.allocate(5 * Float.BYTES, Float.BYTES);
      for (int run = 1; run <= 3; run++) {
        program.feed(x, arena.allocateFrom(ValueLayout.JAVA_FLOAT, run, 2, 3, 4, 5));
        program.run();
        program.fetch(sum, result);
        assertEquals((nodes + 1f) * run, result.getAtIndex(ValueLayout.JAVA_FLOAT, 0));
        assertEquals((nodes + 1f) * 5, result.getAtIndex(ValueLayout.JAVA_FLOAT, 4));
      }
    }
  }
}
