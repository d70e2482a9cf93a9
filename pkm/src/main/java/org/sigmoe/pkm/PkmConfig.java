package org.sigmoe.pkm;

import java.util.Optional;
import org.sigmoe.nn.layer.Default;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Matched;

/**
 * Options of {@link ProductKeyMemory}.
 *
 * <pre>{@code
 * // as many parameters as the dense block of 2053 units: 62 sub-keys
 * int subKeys = ParameterMatching.size(PkmConfig::of, 412, new DenseConfig(2053));
 * // as many values as 2048 units: 46 sub-keys
 * int fewer = PkmConfig.subKeysForValues(2048);
 * }</pre>
 *
 * @param subKeys sub-keys of each half and head, at least 1; there are subKeys^2 values, unless
 *     {@code subKeysB} says otherwise
 * @param subKeysB sub-keys of the second half, where it has another number than the first; empty
 *     for as many
 * @param heads H, at least 1; each has its own sub-keys, all share the values
 * @param k values that each head of a token selects, from 1 to the number of values; 32 is Lample
 *     et al.'s. Not read where nothing is selected
 * @param selection whether values are selected at all
 * @param nonlinearity from scores to weights
 * @param softmaxScope among which scores a softmax is; not read for another non-linearity
 * @param queryProjection what queries are made by
 * @param valueInitialisation how large values are at first
 * @param compat whether the selection is that of the paper's code
 */
public record PkmConfig(
    @Matched int subKeys,
    Optional<Integer> subKeysB,
    @Default("4") int heads,
    @Default("32") int k,
    @Default("top-k") Selection selection,
    @Default("relu") Nonlinearity nonlinearity,
    @Default("joint") SoftmaxScope softmaxScope,
    @Default("none") QueryProjection queryProjection,
    @Default("by-model-width") ValueInitialisation valueInitialisation,
    @Default("none") Compat compat)
    implements FeedForwardConfig {

  /** Checks the sizes, and that the options make sense together. */
  public PkmConfig {
    atLeastOne("subKeys", subKeys);
    subKeysB.ifPresent(count -> atLeastOne("subKeysB", count));
    atLeastOne("heads", heads);
    long values = (long) subKeys * subKeysB.orElse(subKeys);
    if (values > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "subKeys: %,d values are more than an index can tell apart".formatted(values));
    }
    boolean all = selectsAll(selection, compat, k, Math.max(subKeys, subKeysB.orElse(subKeys)));
    if (!all && (k < 1 || k > values)) {
      throw new IllegalArgumentException(
          "k: must be from 1 to the number of values, which is %d, got %d".formatted(values, k));
    }
    if (all && nonlinearity == Nonlinearity.SOFTMAX && softmaxScope == SoftmaxScope.PER_HEAD) {
      throw new IllegalArgumentException(
          "softmaxScope: where nothing is selected the scores of all heads are summed before the"
              + " softmax, which therefore cannot be per-head");
    }
  }

  private static void atLeastOne(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(key + ": must be at least 1, got " + value);
    }
  }

  private static boolean selectsAll(Selection selection, Compat compat, int k, int mostSubKeys) {
    return selection == Selection.ALL || compat == Compat.PAPER_CODE && mostSubKeys <= k;
  }

  /** The memory of the paper's published runs: ReLU, four heads, and nothing selected. */
  public static PkmConfig of(int subKeys) {
    return new PkmConfig(
        subKeys,
        Optional.empty(),
        4,
        1,
        Selection.ALL,
        Nonlinearity.RELU,
        SoftmaxScope.JOINT,
        QueryProjection.NONE,
        ValueInitialisation.BY_MODEL_WIDTH,
        Compat.NONE);
  }

  /**
   * The least number of sub-keys that gives at least as many values as a two-layer network has
   * hidden units: 46 for 2048 and 64 for 4096, the paper's value-count-matched memories.
   */
  public static int subKeysForValues(int units) {
    atLeastOne("units", units);
    int subKeys = (int) Math.sqrt(units);
    return (long) subKeys * subKeys < units ? subKeys + 1 : subKeys;
  }

  /** Sub-keys of the first half. */
  public int keysA() {
    return subKeys;
  }

  /** Sub-keys of the second half. */
  public int keysB() {
    return subKeysB.orElse(subKeys);
  }

  /** Number of values. */
  public int values() {
    return keysA() * keysB();
  }

  /** Whether the output is made of all values: by choice, or because the paper's code does so. */
  public boolean selectsAll() {
    return selectsAll(selection, compat, k, Math.max(keysA(), keysB()));
  }

  @Override
  public FeedForward build(Placement placement) {
    return new ProductKeyMemory(placement, this);
  }
}
