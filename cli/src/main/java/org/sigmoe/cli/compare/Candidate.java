package org.sigmoe.cli.compare;

import org.sigmoe.cli.config.Configuration;

/**
 * A configuration that is compared with others.
 *
 * @param name what tables and folders call it
 * @param configuration all its settings; the seed is the comparison's
 */
public record Candidate(String name, Configuration configuration) {}
