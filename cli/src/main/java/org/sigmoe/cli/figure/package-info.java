/**
 * Figures: charts become {@linkplain org.sigmoe.cli.figure.Drawing drawings} of a few kinds of
 * marks, and a drawing becomes SVG within a page, an SVG file or a PNG file.
 *
 * <p>What it is not: it knows no runs and no metrics, and writes no files.
 */
@NullMarked
package org.sigmoe.cli.figure;

import org.jspecify.annotations.NullMarked;
