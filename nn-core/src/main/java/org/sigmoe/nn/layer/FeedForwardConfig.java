package org.sigmoe.nn.layer;

/**
 * The options of a feed-forward family: a record whose components are the keys that a user writes,
 * and which checks them (throwing {@link IllegalArgumentException} that names the key).
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
