package org.sigmoe.cli.figure;

/**
 * A place, in pixels of a drawing (y grows downwards) or in a chart's own units.
 *
 * @param x across
 * @param y down, or up where the units are a chart's
 */
public record Point(double x, double y) {}
