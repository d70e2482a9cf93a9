/**
 * The commands: their flags, what they do in order, their exit codes.
 *
 * <p>What it is not: configuration, output and the handling of runs have packages of their own.
 */
@NullMarked
package org.sigmoe.cli.command;

import org.jspecify.annotations.NullMarked;
