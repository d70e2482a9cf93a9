/**
 * What the commands do with runs: the folder of a new one, its log, the end of a training by a
 * signal, and opening a trained model.
 *
 * <p>What it is not: it has no flags and does not train itself.
 */
@NullMarked
package org.sigmoe.cli.run;

import org.jspecify.annotations.NullMarked;
