/** Mixture-of-experts feed-forward blocks. */
@NullMarked
package org.sigmoe.moe;

import org.jspecify.annotations.NullMarked;
