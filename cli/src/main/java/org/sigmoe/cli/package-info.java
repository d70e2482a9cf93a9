/** The {@code sigmoe} command: where it starts. */
@NullMarked
package org.sigmoe.cli;

import org.jspecify.annotations.NullMarked;
