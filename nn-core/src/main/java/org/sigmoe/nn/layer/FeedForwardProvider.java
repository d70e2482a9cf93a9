package org.sigmoe.nn.layer;

/** Announces a feed-forward family to {@link java.util.ServiceLoader}. */
public interface FeedForwardProvider {

  /** The name by which users choose the family, for example {@code dense}. */
  String family();

  /** The record of the family's options. */
  Class<? extends FeedForwardConfig> configType();
}
