package org.sigmoe.moe.balance;

import org.jspecify.annotations.Nullable;
import org.sigmoe.moe.router.Routing;
import org.sigmoe.nn.graph.Value;

/** No loss: experts are used as it comes. */
public record NoBalance() implements Balance {
  @Override
  public @Nullable Value loss(Routing routing, Value counts) {
    return null;
  }
}
