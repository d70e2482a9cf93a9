package org.sigmoe.bench.result;

import org.jspecify.annotations.Nullable;

/**
 * A work in a fresh process.
 *
 * @param work what was done
 * @param sizes at which sizes
 * @param precision of matrix products
 * @param threads of the processor
 * @param engineSeconds from the start of the Java virtual machine until the engine is open
 * @param compiledSeconds until the graph is compiled and its tensors are filled
 * @param firstStepSeconds until the first run is done
 * @param secondStepMilliseconds what the second run takes
 * @param hostPeakBytes the most memory that the process held (Linux), device memory apart
 * @param plannedBytes buffers, inputs and variables, on the device where there is one
 * @param deviceUsedBytes how much more of the device is in use after the runs than before the
 *     engine was opened, as its driver says; null where there is none to ask
 * @param activationBytes counted: what the forward pass keeps for the backward pass
 */
public record Start(
    String work,
    String sizes,
    String precision,
    int threads,
    double engineSeconds,
    double compiledSeconds,
    double firstStepSeconds,
    double secondStepMilliseconds,
    long hostPeakBytes,
    long plannedBytes,
    @Nullable Long deviceUsedBytes,
    long activationBytes) {}
