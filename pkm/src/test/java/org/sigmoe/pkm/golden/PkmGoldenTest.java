package org.sigmoe.pkm.golden;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenRunner;
import org.sigmoe.nn.testing.golden.GoldenTests;

/** Product-key memories against the paper's own code and that of Lample et al., on every engine. */
class PkmGoldenTest {
  @TestFactory
  Stream<DynamicContainer> agreesWithThePublishedCode() throws IOException {
    return GoldenTests.of(
        "families", golden -> golden.family().equals("pkm"), PkmGoldenTest::runner);
  }

  /**
   * Cases are told apart by what they hold: XLM keeps both halves of its sub-keys in one tensor.
   */
  private static GoldenRunner runner(GoldenCase golden) {
    return golden.has("keys") ? new XlmRunner() : new PaperRunner();
  }
}
