package org.sigmoe.nn.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/** The tests that follow from cases; a test class of an op returns them from a test factory. */
public final class OpTests {
  private OpTests() {}

  /**
   * Each case against finite differences, if it has a differentiable operand, and on every engine
   * at hand in every layout. The differences are the reference's and concern no other engine, so
   * they are left out where the tests are for one.
   */
  public static Stream<DynamicNode> of(List<OpCase> cases) {
    List<Candidate> candidates = Candidate.atHand();
    return cases.stream().map(test -> tests(test, candidates));
  }

  private static DynamicNode tests(OpCase test, List<Candidate> candidates) {
    List<DynamicNode> tests = new ArrayList<>();
    boolean differentiable =
        test.operands().stream().anyMatch(operand -> operand.role() == OpCase.Role.DIFFERENTIABLE);
    if (differentiable && !TestedEngines.isOneNamed()) {
      tests.add(
          DynamicTest.dynamicTest(
              test.name() + ": gradient equals finite differences",
              () -> GradientCheck.check(test)));
    }
    for (Layout layout : Layout.values()) {
      Comparison comparison = new Comparison(layout.scenario(test));
      for (Candidate candidate : candidates) {
        tests.add(
            DynamicTest.dynamicTest(
                test.name() + ": " + candidate + " equals the reference, as " + layout,
                () -> comparison.check(candidate)));
      }
    }
    return DynamicContainer.dynamicContainer(test.name(), tests);
  }

  /** The scenario on every engine at hand. */
  public static Stream<DynamicNode> of(String name, Scenario scenario) {
    Comparison comparison = new Comparison(scenario);
    return Candidate.atHand().stream()
        .map(
            candidate ->
                DynamicTest.dynamicTest(
                    name + ": " + candidate + " equals the reference",
                    () -> comparison.check(candidate)));
  }
}
