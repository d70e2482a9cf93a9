/**
 * What a model takes: parameters, floating-point operations and memory, counted from its graph.
 *
 * <p>What it is not: it allocates no model and measures no time.
 */
@NullMarked
package org.sigmoe.cli.info;

import org.jspecify.annotations.NullMarked;
