package org.sigmoe.nn.layer;

/**
 * The options of a feed-forward family: a record whose components are the keys that a user writes,
 * and which checks them (throwing {@link IllegalArgumentException} whose message begins with the
 * key and a colon).
 *
 * <p>A component is an {@code int}, {@code long}, {@code double}, {@code String} or enum (whose
 * constants users write as {@code per-head}), an {@link java.util.Optional} of one of these, or a
 * record of such components. {@link Default} says what holds where a key is not written, {@link
 * Matched} which option sizes the block to a number of parameters.
 */
public interface FeedForwardConfig {

  /** The block of one layer. */
  FeedForward build(Placement placement);

  /**
   * Where a block stands in its model.
   *
   * @param name prefix of the parameters' names, for example {@code layers.0}
   * @param dModel D
   * @param layers number of layers of the model, on which the initialisation depends
   * @param dropout the model's dropout rate
   */
  record Placement(String name, int dModel, int layers, double dropout) {}
}
