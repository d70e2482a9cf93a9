package org.sigmoe.cli.command;

/** A configuration of a model of a few thousand parameters, whose run takes well under a second. */
final class SmallConfig {
  private static final String YAML =
      """
      model:
        layers: 1
        dModel: 8
        heads: 2
        context: 8
        memory: 8
        feedForward:
          dFeedForward: %d
      batch: 2
      steps: 20
      resetMemoryEvery: 0
      learningRate:
        warmUp: 0
      logEvery: 5
      validation:
        everySteps: 10
        maxTokens: 64
      """;

  private SmallConfig() {}

  static String yaml(int dFeedForward) {
    return YAML.formatted(dFeedForward);
  }
}
