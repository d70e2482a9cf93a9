/**
 * What a run measured, step by step, on disk: JSON lines and TensorBoard event files. A resumed run
 * goes on where its checkpoint stands, so that no step is there twice and none is missing.
 *
 * <p>What it is not: it neither measures anything nor shows it to the user.
 */
@NullMarked
package org.sigmoe.xl.metrics;

import org.jspecify.annotations.NullMarked;
