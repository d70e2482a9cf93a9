package org.sigmoe.xl.eval;

import org.sigmoe.nn.graph.op.AttentionWindow;
import org.sigmoe.xl.model.ModelConfig;

/**
 * How a text is put to a model. The model need not have been trained with these sizes: relative
 * positions reach any distance.
 *
 * @param batch B, streams that the text is cut into, at least 1; each begins without memory
 * @param parts in how many groups the streams are read, one after the other, which takes less
 *     memory and changes nothing but rounding; divides the batch
 * @param context T, tokens of a segment, at least 1
 * @param memory M, tokens of earlier segments that are seen, at least 1
 * @param window what of the memory a token sees
 */
public record EvaluationConfig(
    int batch, int parts, int context, int memory, AttentionWindow window) {
  private static final int PUBLISHED_BATCH = 4;
  private static final int PUBLISHED_MEMORY_MULTIPLE = 4;

  /** Checks the ranges; the message names the component. */
  public EvaluationConfig {
    requireAtLeastOne("batch", batch);
    requireAtLeastOne("context", context);
    requireAtLeastOne("memory", memory);
    requireAtLeastOne("parts", parts);
    if (batch % parts != 0) {
      throw new IllegalArgumentException(
          "parts: must divide the batch of %d, got %d".formatted(batch, parts));
    }
  }

  /** All streams are read at once. */
  public EvaluationConfig(int batch, int context, int memory, AttentionWindow window) {
    this(batch, 1, context, memory, window);
  }

  /** Every token sees all of the memory, as in training. */
  public EvaluationConfig(int batch, int context, int memory) {
    this(batch, context, memory, AttentionWindow.MEMORY);
  }

  /**
   * As the published results were measured (arXiv 2310.10837, appendix B): batch 4, the training
   * context T, memory 4*T; but the window of the paper's code is {@link AttentionWindow#SLIDING},
   * and here every token sees all of the memory.
   */
  public static EvaluationConfig published(ModelConfig model) {
    return new EvaluationConfig(PUBLISHED_BATCH, model.context(), model.context())
        .withMemoryMultiple(PUBLISHED_MEMORY_MULTIPLE);
  }

  /** As validation during training has it: context and memory of the training. */
  public static EvaluationConfig ofTraining(ModelConfig model, int batch) {
    return new EvaluationConfig(batch, model.context(), model.memory());
  }

  /** How many streams are read at once. */
  public int streamsOfPart() {
    return batch / parts;
  }

  /** With the streams in so many groups. */
  public EvaluationConfig withParts(int groups) {
    return new EvaluationConfig(batch, groups, context, memory, window);
  }

  /** With another batch, read at once. */
  public EvaluationConfig withBatch(int streams) {
    return new EvaluationConfig(streams, context, memory, window);
  }

  /** With another context; memory stays as many tokens as it was. */
  public EvaluationConfig withContext(int tokens) {
    return new EvaluationConfig(batch, parts, tokens, memory, window);
  }

  /**
   * With a memory of {@code multiple} contexts.
   *
   * @throws IllegalArgumentException if the multiple is below 1 or the memory too large
   */
  public EvaluationConfig withMemoryMultiple(int multiple) {
    requireAtLeastOne("memory multiple", multiple);
    long tokens = (long) multiple * context;
    if (tokens > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "memory multiple: %d contexts of %d tokens are too many".formatted(multiple, context));
    }
    return new EvaluationConfig(batch, parts, context, (int) tokens, window);
  }

  /** With another window. */
  public EvaluationConfig withWindow(AttentionWindow other) {
    return new EvaluationConfig(batch, parts, context, memory, other);
  }

  private static void requireAtLeastOne(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(key + ": must be at least 1, got " + value);
    }
  }
}
