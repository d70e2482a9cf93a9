package org.sigmoe.cli.report.runs;

import java.util.OptionalDouble;

/**
 * A checkpoint; its tensors are not checked.
 *
 * @param step steps done
 * @param validationBits bits per token of held-out text, if it was measured then
 * @param bytes of its files
 */
public record SavedState(long step, OptionalDouble validationBits, long bytes) {}
