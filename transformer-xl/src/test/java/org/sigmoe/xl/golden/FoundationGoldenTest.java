package org.sigmoe.xl.golden;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenRunner;
import org.sigmoe.nn.testing.golden.GoldenTests;

/**
 * The model and the optimiser against the paper's own code: every case that is due with the
 * foundation, on every engine. A case that no runner here takes is a failure.
 */
class FoundationGoldenTest {
  @TestFactory
  Stream<DynamicContainer> agreesWithThePapersCode() throws IOException {
    return GoldenTests.of("foundation", golden -> true, FoundationGoldenTest::runner);
  }

  @Test
  void aCaseOfUnknownFamilyOrKindFails() {
    assertThrows(AssertionError.class, () -> runner(golden("other")));
    assertThrows(AssertionError.class, () -> runner(golden("txl")));
  }

  private static GoldenCase golden(String family) {
    ObjectNode description = JsonNodeFactory.instance.objectNode();
    description.putObject("tensors");
    return new GoldenCase(family, "c", description, Path.of("t.safetensors"), "");
  }

  /** Cases are told apart by what they hold, not by name: other sets name theirs as they like. */
  private static GoldenRunner runner(GoldenCase golden) {
    return switch (golden.family()) {
      case "optim" -> new OptimiserRunner();
      case "txl" -> {
        if (golden.has("embedding.weight")) {
          yield new LanguageModelRunner(new DenseConfig(golden.hyper("dff")));
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
