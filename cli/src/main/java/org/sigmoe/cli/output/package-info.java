/**
 * What users see: the streams of the command, numbers in words, tables, and a training as one live
 * line, as plain lines or as JSON.
 *
 * <p>What it is not: it decides nothing and changes no file.
 */
@NullMarked
package org.sigmoe.cli.output;

import org.jspecify.annotations.NullMarked;
