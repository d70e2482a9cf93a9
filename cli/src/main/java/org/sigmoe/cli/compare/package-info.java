/**
 * The comparison of configurations that are trained on the same data, with the same seeds and in
 * the same order of tokens: what must be equal, the runs, and the table and plots of the results.
 *
 * <p>What it is not: it does not train itself and has no flags.
 */
@NullMarked
package org.sigmoe.cli.compare;

import org.jspecify.annotations.NullMarked;
