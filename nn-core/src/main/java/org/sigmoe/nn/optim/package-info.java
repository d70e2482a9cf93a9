/**
 * Optimisers as ops that a training graph appends after its gradients, and the schedules of the
 * numbers that change from step to step.
 *
 * <p>Optimiser state lives in variables like parameters do; nothing here holds it, computes on it
 * or knows an engine.
 */
@NullMarked
package org.sigmoe.nn.optim;

import org.jspecify.annotations.NullMarked;
