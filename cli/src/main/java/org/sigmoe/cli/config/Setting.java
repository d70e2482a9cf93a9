package org.sigmoe.cli.config;

import org.jspecify.annotations.Nullable;

/**
 * The value of one key, as it was written.
 *
 * @param text the value; null where it was written as nothing, which takes back what a lower layer
 *     says
 * @param where who says so, for messages: {@code my.yaml:12}, {@code --steps}
 */
public record Setting(@Nullable String text, String where) {}
