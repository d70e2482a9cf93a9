package org.sigmoe.nn.testing.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.testing.EngineSession;

/**
 * Tests of golden cases on every engine, for a test class that says which cases are its own and
 * what runs them. A tensor of a case that is neither used nor compared is a failure.
 *
 * <p>{@code -Dgolden.dir=FOLDER} puts other sets in the same format to the test.
 */
public final class GoldenTests {
  private GoldenTests() {}

  /**
   * One test for each case and engine.
   *
   * @throws IllegalStateException if there is no such case or no engine: tests of nothing would all
   *     pass
   */
  public static Stream<DynamicContainer> of(
      String due, Predicate<GoldenCase> own, Function<GoldenCase, GoldenRunner> runner)
      throws IOException {
    List<EngineProvider> engines = EngineSession.engines();
    if (engines.isEmpty()) {
      throw new IllegalStateException("There is no engine to test");
    }
    List<DynamicContainer> containers = new ArrayList<>();
    int found = 0;
    for (GoldenSet set : GoldenSet.all()) {
      List<GoldenCase> cases = set.due(due).stream().filter(own).toList();
      found += cases.size();
      containers.add(
          DynamicContainer.dynamicContainer(
              set.toString(),
              cases.stream()
                  .flatMap(
                      golden -> engines.stream().map(engine -> test(golden, engine, runner)))));
    }
    if (found == 0) {
      throw new IllegalStateException("No such case is due with " + due);
    }
    return containers.stream();
  }

  private static DynamicTest test(
      GoldenCase golden, EngineProvider engine, Function<GoldenCase, GoldenRunner> runner) {
    return DynamicTest.dynamicTest(
        golden + " on " + engine.name(),
        () -> {
          try (GoldenTensors tensors = new GoldenTensors(golden);
              EngineSession session = EngineSession.open(engine)) {
            runner.apply(golden).run(golden, tensors, session);
            tensors.requireAllUsed();
          }
        });
  }
}
