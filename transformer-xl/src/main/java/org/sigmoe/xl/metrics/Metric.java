package org.sigmoe.xl.metrics;

/**
 * One measured quantity. The constants are those of every run; feed-forward families add their own.
 *
 * @param key its name in JSON, unique in a record
 * @param tag its name in TensorBoard, which groups by the part before the slash and keeps 24 bits
 *     of a number
 * @param form how it is written in JSON
 */
public record Metric(String key, String tag, Form form) {

  /** How numbers are written in JSON. */
  public enum Form {
    /** With a point, as they are measured. */
    MEASURE,
    /** As whole numbers: exact up to 2^53. */
    COUNT
  }

  /** The key under which every record gives its step; no metric can have it. */
  static final String STEP_KEY = "step";

  /** Mean cross-entropy of the step's tokens in nats. */
  public static final Metric LOSS = new Metric("loss", "train/loss");

  /** The same in bits; with byte tokens, bits per byte. */
  public static final Metric BITS_PER_TOKEN = new Metric("bitsPerToken", "train/bits_per_token");

  /** Tokens trained on since the run began, each as often as it was read. */
  public static final Metric TOKENS_SEEN =
      new Metric("tokensSeen", "train/tokens_seen", Form.COUNT);

  /** Trained tokens for each second, since the record before. */
  public static final Metric TOKENS_PER_SECOND =
      new Metric("tokensPerSecond", "train/tokens_per_second");

  /** The learning rate of the step. */
  public static final Metric LEARNING_RATE = new Metric("learningRate", "train/learning_rate");

  /** Global L2 norm of the gradient before clipping. */
  public static final Metric GRADIENT_NORM = new Metric("gradientNorm", "train/gradient_norm");

  /** Seconds spent in training since the run began, stops not counted. */
  public static final Metric ELAPSED_SECONDS =
      new Metric("elapsedSeconds", "train/elapsed_seconds");

  /** Mean cross-entropy over the validation split in nats. */
  public static final Metric VALIDATION_LOSS = new Metric("validationLoss", "validation/loss");

  /** The same in bits. */
  public static final Metric VALIDATION_BITS_PER_TOKEN =
      new Metric("validationBitsPerToken", "validation/bits_per_token");

  /** A quantity that is measured. */
  public Metric(String key, String tag) {
    this(key, tag, Form.MEASURE);
  }

  /**
   * Checks the key.
   *
   * @throws IllegalArgumentException if it is {@code step}
   */
  public Metric {
    if (key.equals(STEP_KEY)) {
      throw new IllegalArgumentException("a metric cannot have the key " + STEP_KEY);
    }
  }
}
