/**
 * Optimisers as ops that a training graph appends after its gradients, and the schedules of the
 * numbers that change from step to step.
 *
 * <p>Optimiser state lives in variables like parameters do; nothing here holds it or computes on
 * it. Of engines only the program is known that is fed the numbers of a step.
 */
@NullMarked
package org.sigmoe.nn.optim;

import org.jspecify.annotations.NullMarked;
