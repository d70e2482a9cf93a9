package org.sigmoe.cli.figure;

/**
 * An axis of a chart.
 *
 * @param title what it shows, with its unit
 * @param scale where numbers lie
 * @param ticks about how many are labelled
 */
public record Axis(String title, Scale scale, int ticks) {}
