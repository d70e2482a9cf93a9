package org.sigmoe.cli.golden;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.moe.ExpertOptions;
import org.sigmoe.moe.HiddenDropout;
import org.sigmoe.moe.Initialisation;
import org.sigmoe.moe.SigmaMoeConfig;
import org.sigmoe.moe.SwitchConfig;
import org.sigmoe.moe.router.Compat;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenTests;
import org.sigmoe.xl.golden.LanguageModelRunner;

/**
 * Whole language models with the blocks of other modules against the paper's own code, on every
 * engine: here all modules meet.
 */
class LanguageModelGoldenTest {
  @TestFactory
  Stream<DynamicContainer> agreesWithThePapersCode() throws IOException {
    return GoldenTests.of(
        "families",
        golden -> golden.family().equals("txl"),
        golden -> new LanguageModelRunner(feedForward(golden)));
  }

  private static FeedForwardConfig feedForward(GoldenCase golden) {
    int experts = golden.hyper("NE");
    int size = golden.hyper("G");
    int k = golden.hyper("K");
    double weight = golden.hyperDouble("perplexity_reg");
    String kind = golden.hyperText("reg_type", "");
    return switch (kind) {
      case "entropy" ->
          new SigmaMoeConfig(
              experts,
              size,
              k,
              weight,
              0,
              HiddenDropout.NONE,
              Initialisation.PAPER,
              ExpertOptions.defaults());
      case "switch" ->
          new SwitchConfig(
              experts,
              size,
              k,
              weight,
              0,
              HiddenDropout.NONE,
              Initialisation.SWITCH,
              Compat.PAPER_CODE,
              ExpertOptions.defaults());
      default -> throw new AssertionError(golden + ": reg_type " + kind);
    };
  }
}
