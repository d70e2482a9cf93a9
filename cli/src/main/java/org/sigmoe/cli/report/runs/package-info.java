/**
 * What folders of runs hold, read for a report: settings, metrics, log, checkpoints and analysis.
 * What is missing or damaged becomes a gap that the report tells of; nothing else fails by it.
 *
 * <p>What it is not: it shows nothing, and trains and changes nothing.
 */
@NullMarked
package org.sigmoe.cli.report.runs;

import org.jspecify.annotations.NullMarked;
