/**
 * The configuration of a run: layers of settings (defaults, a preset, a YAML file, flags) put over
 * each other, checked, and bound to the records that the library takes.
 *
 * <p>What it is not: it does not know which flags the command has, and opens no data and no engine.
 */
@NullMarked
package org.sigmoe.cli.config;

import org.jspecify.annotations.NullMarked;
