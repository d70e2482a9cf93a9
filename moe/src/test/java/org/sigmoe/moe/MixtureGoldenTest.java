package org.sigmoe.moe;

import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.moe.balance.Balance;
import org.sigmoe.moe.balance.EntropyBalance;
import org.sigmoe.moe.balance.NoBalance;
import org.sigmoe.moe.balance.SwitchBalance;
import org.sigmoe.moe.router.Compat;
import org.sigmoe.moe.router.RenormalisedRouter;
import org.sigmoe.moe.router.Router;
import org.sigmoe.moe.router.SigmoidRouter;
import org.sigmoe.moe.router.SinkhornRouter;
import org.sigmoe.moe.router.SoftmaxRouter;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenTests;

/**
 * The layer against both of the paper's implementations, on every engine: the stand-alone one
 * ({@code moe}) and that of the experiments ({@code moe_paper}).
 */
class MixtureGoldenTest {
  private static final Set<String> FAMILIES = Set.of("moe", "moe_paper");

  @TestFactory
  Stream<DynamicContainer> agreesWithThePapersCode() throws IOException {
    return GoldenTests.of(
        "families",
        golden -> FAMILIES.contains(golden.family()),
        golden -> new MixtureRunner(mixture(golden)));
  }

  private static Mixture mixture(GoldenCase golden) {
    boolean gelu = golden.hyperText("act", "relu").equals("gelu");
    return new Mixture(
        golden.hyper("NE"),
        golden.hyper("G"),
        golden.hyper("K"),
        router(golden),
        balance(golden),
        golden.hyperDouble("xdrop", 0),
        HiddenDropout.NONE,
        Initialisation.PAPER,
        new ExpertOptions(
            gelu ? Nonlinearity.GELU : Nonlinearity.RELU,
            golden.hyperFlag("bias", false) ? Biases.ALL : Biases.NONE,
            0,
            0,
            0));
  }

  private static Router router(GoldenCase golden) {
    String mode = golden.hyperText("mode", "");
    return switch (mode) {
      case "sigmoid" -> new SigmoidRouter();
      case "softmax" ->
          golden.hyperFlag("after", false)
              ? new RenormalisedRouter(Compat.NONE)
              : new SoftmaxRouter();
      case "gate" -> new SoftmaxRouter();
      case "sinkmoid", "sinkmoid2" -> new SinkhornRouter(3, Compat.PAPER_CODE);
      default -> throw new AssertionError(golden + ": mode " + mode);
    };
  }

  private static Balance balance(GoldenCase golden) {
    if (!golden.description().path("reg_present").asBoolean(true)) {
      return new NoBalance();
    }
    String kind = golden.hyperText("reg", "entropy");
    return switch (kind) {
      case "entropy" -> new EntropyBalance(golden.hyperDouble("preg", 1));
      case "switch" -> new SwitchBalance(golden.hyperDouble("preg", 1), Compat.PAPER_CODE);
      default -> throw new AssertionError(golden + ": reg " + kind);
    };
  }
}
