package org.sigmoe.xl.golden;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.xl.EngineSession;

/**
 * The model and the optimiser against the paper's own code: every case that is due with the
 * foundation, on every engine. A case that no runner here takes, and a tensor of a case that is
 * neither used nor compared, is a failure.
 *
 * <p>{@code -Dgolden.dir=FOLDER} puts other sets in the same format to the test.
 */
class FoundationGoldenTest {
  private static final String DUE = "foundation";

  @TestFactory
  Stream<DynamicContainer> agreesWithThePapersCode() throws IOException {
    return GoldenSet.all().stream()
        .map(
            set ->
                DynamicContainer.dynamicContainer(
                    set.toString(),
                    set.due(DUE).stream()
                        .flatMap(
                            golden ->
                                EngineSession.engines().stream()
                                    .map(engine -> test(golden, engine)))));
  }

  @Test
  void thereAreCasesAndEngines() throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    for (GoldenSet set : GoldenSet.all()) {
      cases.addAll(set.due(DUE));
    }
    assertFalse(cases.isEmpty(), "no case is due");
    assertFalse(EngineSession.engines().isEmpty(), "no engine is at hand");
  }

  private static DynamicTest test(GoldenCase golden, EngineProvider engine) {
    return DynamicTest.dynamicTest(
        golden + " on " + engine.name(),
        () -> {
          try (GoldenTensors tensors = new GoldenTensors(golden);
              EngineSession session = EngineSession.open(engine)) {
            runner(golden).run(golden, tensors, session);
            tensors.requireAllUsed();
          }
        });
  }

  /** Cases are told apart by what they hold, not by name: other sets name theirs as they like. */
  static GoldenRunner runner(GoldenCase golden) {
    return switch (golden.family()) {
      case "optim" -> new OptimiserRunner();
      case "txl" -> {
        if (golden.has("embedding.weight")) {
          yield new LanguageModelRunner();
        }
        if (golden.has("norm1.weight")) {
          yield new LayerRunner();
        }
        if (golden.has("data_to_q.weight")) {
          yield new AttentionRunner();
        }
        throw new AssertionError(golden + " is of no kind known here");
      }
      default -> throw new AssertionError(golden + " is of no family known here");
    };
  }
}
