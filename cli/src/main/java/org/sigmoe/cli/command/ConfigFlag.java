package org.sigmoe.cli.command;

import java.util.Arrays;
import java.util.List;

/** The flags that set a key of the configuration. */
enum ConfigFlag {
  DATA(
      Group.DATA,
      "--data",
      "PATH",
      "data.path",
      "Text to learn from: a file, a directory, a .zip; or prepared data (sigmoe data)"),
  VALID(
      Group.DATA,
      "--valid",
      "PATH",
      "data.valid",
      "Held-out text that chooses the best checkpoint"),
  TEST(Group.DATA, "--test", "PATH", "data.test", "Held-out text for the final result"),

  LAYERS(Group.SIZES, "--layers", "N", "model.layers", "Number of layers"),
  D_MODEL(Group.SIZES, "--d-model", "N", "model.dModel", "Width of the model"),
  HEADS(Group.SIZES, "--heads", "N", "model.heads", "Number of attention heads"),
  HEAD_SIZE(Group.SIZES, "--head-size", "N", "model.headSize", "Width of a head (d-model / heads)"),
  D_FF(
      Group.SIZES,
      "--d-ff",
      "N",
      "model.feedForward.dFeedForward",
      "Width of the feed-forward blocks"),
  CONTEXT(Group.SIZES, "--context", "N", "model.context", "Tokens of a segment"),
  MEMORY(Group.SIZES, "--memory", "N", "model.memory", "Remembered tokens (as the context)"),
  BATCH(Group.SIZES, "--batch", "N", "batch", "Streams that are read side by side"),
  ACCUMULATE(
      Group.SIZES,
      "--accumulate",
      "N",
      "accumulate",
      "Micro-batches that a batch is processed in, one after the other, to save memory (1)"),
  DROPOUT(Group.SIZES, "--dropout", "RATE", "model.dropout", "Rate of every dropout"),

  STEPS(Group.TRAINING, "--steps", "N", "steps", "Steps to train in all"),
  LEARNING_RATE(Group.TRAINING, "--lr", "RATE", "learningRate.peak", "Highest learning rate"),
  WARM_UP(Group.TRAINING, "--warmup", "N", "learningRate.warmUp", "Steps of a linear rise to it"),
  CLIP(Group.TRAINING, "--clip", "NORM", "optimiser.maxNorm", "Greatest norm of gradients (.inf)"),
  WEIGHT_DECAY(Group.TRAINING, "--weight-decay", "X", "optimiser.weightDecay", "Of AdamW"),
  SEED(Group.TRAINING, "--seed", "N", "seed", "Of initial parameters and dropout"),
  LOG_EVERY(Group.TRAINING, "--log-every", "N", "logEvery", "Steps between reports"),
  VALIDATE_EVERY(
      Group.TRAINING,
      "--validate-every",
      "N",
      "validation.everySteps",
      "Steps between validations"),
  VALIDATE_TOKENS(
      Group.TRAINING,
      "--validate-tokens",
      "N",
      "validation.maxTokens",
      "Tokens of a validation at most (.inf: all)"),
  CHECKPOINT_EVERY(
      Group.TRAINING,
      "--checkpoint-every",
      "N",
      "checkpoints.everySteps",
      "Steps between checkpoints; the best is saved too"),
  KEEP(
      Group.TRAINING, "--keep", "N", "checkpoints.keepLast", "Checkpoints to keep beside the best"),

  ENGINE(
      Group.ENGINE,
      "--engine",
      "NAME",
      "engine.name",
      "What runs the model: cpu (default), tornado"),
  THREADS(
      Group.ENGINE,
      "--threads",
      "N",
      "engine.threads",
      "Threads of the cpu engine (all processors)"),
  PRECISION(Group.ENGINE, "--precision", "P", "engine.precision", "Of products: f32, tf32, bf16"),
  DEVICE(Group.ENGINE, "--device", "D", "engine.device", "Device, as `sigmoe devices` names it");

  /** Flags that are shown together. */
  enum Group {
    DATA("Data"),
    SIZES("Sizes"),
    TRAINING("Training"),
    ENGINE("Engine");

    private final String heading;

    Group(String heading) {
      this.heading = heading;
    }

    String heading() {
      return heading;
    }

    List<ConfigFlag> flags() {
      return Arrays.stream(ConfigFlag.values()).filter(flag -> flag.group == this).toList();
    }
  }

  private final Group group;
  private final String flag;
  private final String label;
  private final String key;
  private final String help;

  ConfigFlag(Group group, String flag, String label, String key, String help) {
    this.group = group;
    this.flag = flag;
    this.label = label;
    this.key = key;
    this.help = help;
  }

  /** As it is written on the command line. */
  String flag() {
    return flag;
  }

  /** What stands for its value in the help. */
  String label() {
    return label;
  }

  /** The key that it sets. */
  String key() {
    return key;
  }

  /** What it does, in a line. */
  String help() {
    return help;
  }
}
