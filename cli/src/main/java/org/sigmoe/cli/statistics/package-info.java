/** A few statistics of small samples and of series. */
@NullMarked
package org.sigmoe.cli.statistics;

import org.jspecify.annotations.NullMarked;
