package org.sigmoe.bench.shape;

import java.util.EnumMap;
import java.util.Map;

/**
 * All sizes of a model and its batch: a named shape with some sizes of its own. Written as the
 * name, then what differs: {@code wt-s,batch=16,experts=32}.
 *
 * <pre>{@code
 * Sizes small = Sizes.parse("wt-s").with(Dimension.BATCH, 16);
 * }</pre>
 */
public final class Sizes {
  private final PaperShape base;
  private final Map<Dimension, Integer> changed;

  private Sizes(PaperShape base, Map<Dimension, Integer> changed) {
    this.base = base;
    this.changed = changed;
  }

  static Sizes of(PaperShape base) {
    return new Sizes(base, new EnumMap<>(Dimension.class));
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException if it is not of that form, with what is wrong
   */
  public static Sizes parse(String text) {
    String[] parts = text.split(",");
    Sizes sizes = of(PaperShape.of(parts[0]));
    for (int i = 1; i < parts.length; i++) {
      String[] change = parts[i].split("=", 2);
      if (change.length < 2 || !change[1].matches("[1-9]\\d{0,8}")) {
        throw new IllegalArgumentException(
            "'%s' in '%s' is not of the form size=number".formatted(parts[i], text));
      }
      sizes = sizes.with(Dimension.of(change[0]), Integer.parseInt(change[1]));
    }
    return sizes;
  }

  /** The named shape that these sizes differ from. */
  public PaperShape base() {
    return base;
  }

  /** One size. */
  public int get(Dimension dimension) {
    return changed.getOrDefault(dimension, base.size(dimension));
  }

  /** With one size changed. */
  public Sizes with(Dimension dimension, int size) {
    if (size < 1) {
      throw new IllegalArgumentException(dimension.key() + " must be at least 1, but is " + size);
    }
    Map<Dimension, Integer> changes = new EnumMap<>(changed);
    if (size == base.size(dimension)) {
      changes.remove(dimension);
    } else {
      changes.put(dimension, size);
    }
    return new Sizes(base, changes);
  }

  /** N = B * T, tokens of a step. */
  public int tokens() {
    return Math.multiplyExact(get(Dimension.BATCH), get(Dimension.CONTEXT));
  }

  /** With as many streams as make up at most so many tokens, at least one. */
  public Sizes atMostTokens(int tokens) {
    int batch = Math.clamp(tokens / get(Dimension.CONTEXT), 1, get(Dimension.BATCH));
    return with(Dimension.BATCH, batch);
  }

  /** None larger than here, so that plain loops in double take no time: for checks. */
  public Sizes reduced() {
    return this.least(Dimension.BATCH, 2)
        .least(Dimension.CONTEXT, 16)
        .least(Dimension.MEMORY, 16)
        .least(Dimension.D_MODEL, 44)
        .least(Dimension.LAYERS, 1)
        .least(Dimension.HEADS, 2)
        .least(Dimension.HEAD_SIZE, 22)
        .least(Dimension.D_FEED_FORWARD, 96)
        .least(Dimension.EXPERTS, 8)
        .least(Dimension.EXPERT_SIZE, 20)
        .least(Dimension.K, 8)
        .least(Dimension.SUB_KEYS, 9)
        .least(Dimension.VOCABULARY, 100);
  }

  private Sizes least(Dimension dimension, int most) {
    return with(dimension, Math.min(most, get(dimension)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Sizes sizes && sizes.toString().equals(toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(base.label());
    changed.forEach((size, value) -> text.append(',').append(size.key()).append('=').append(value));
    return text.toString();
  }
}
