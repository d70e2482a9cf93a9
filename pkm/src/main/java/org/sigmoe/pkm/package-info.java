/** Product-key memories as feed-forward blocks. */
@NullMarked
package org.sigmoe.pkm;

import org.jspecify.annotations.NullMarked;
