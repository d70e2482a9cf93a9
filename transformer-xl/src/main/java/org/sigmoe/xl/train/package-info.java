/**
 * Trains a language model in the folder of a run: steps, validation, checkpoints and metrics, so
 * that a run which was stopped or killed goes on bit for bit as if it had not been.
 *
 * <p>What it is not: it reads no configuration file and shows nothing; a {@link
 * org.sigmoe.xl.train.TrainingListener} does.
 */
@NullMarked
package org.sigmoe.xl.train;

import org.jspecify.annotations.NullMarked;
