/**
 * The figures of a report: from what runs hold to drawings.
 *
 * <p>What it is not: it reads no files and knows no page.
 */
@NullMarked
package org.sigmoe.cli.report.figures;

import org.jspecify.annotations.NullMarked;
