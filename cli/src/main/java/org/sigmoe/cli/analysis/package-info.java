/**
 * How a text uses the feed-forward blocks of a run's model: analysing it, and the file {@code
 * analysis.json} in the folder of the run.
 *
 * <p>What it is not: it has no flags, and counts nothing itself ({@link org.sigmoe.xl.analysis}).
 */
@NullMarked
package org.sigmoe.cli.analysis;

import org.jspecify.annotations.NullMarked;
