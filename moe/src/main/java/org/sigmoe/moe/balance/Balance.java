package org.sigmoe.moe.balance;

import org.jspecify.annotations.Nullable;
import org.sigmoe.moe.router.Routing;
import org.sigmoe.nn.graph.Value;

/** A loss that is least where all experts are used alike. */
public sealed interface Balance
    permits EntropyBalance, ImportanceBalance, NoBalance, SwitchBalance {

  /**
   * Appends the loss over the whole batch.
   *
   * @param routing what the router gave, before any capacity
   * @param counts i32 [E], slots that each expert got
   * @return [1], weighted; null where there is none
   */
  @Nullable Value loss(Routing routing, Value counts);
}
