/**
 * What becomes of measurements: JSON, tables in Markdown, floors, exponents, figures, and the
 * figures of peers on a GPU that ours stand beside.
 *
 * <p>Not here: clocks, engines, libtorch.
 */
@NullMarked
package org.sigmoe.bench.result;

import org.jspecify.annotations.NullMarked;
