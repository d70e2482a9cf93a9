/**
 * The report of one or several runs: one HTML file that needs nothing else, and the same numbers as
 * JSON.
 *
 * <p>What it is not: it has no flags, and neither reads runs ({@link org.sigmoe.cli.report.runs})
 * nor draws figures ({@link org.sigmoe.cli.report.figures}).
 */
@NullMarked
package org.sigmoe.cli.report;

import org.jspecify.annotations.NullMarked;
