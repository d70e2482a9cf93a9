package org.sigmoe.cli.report;

import java.nio.file.Path;

/**
 * What a model wrote.
 *
 * @param run the folder of its run
 * @param step of the checkpoint that wrote it
 * @param seed of the draws
 * @param temperature of the draws
 * @param prompt what came before
 * @param text what it wrote
 */
public record TextSample(
    Path run, long step, long seed, double temperature, String prompt, String text) {}
