/**
 * How each token finds its experts: scores, what is selected by them, and the weights of what is
 * selected. What keeps experts equally used is in {@link org.sigmoe.moe.balance}.
 */
@NullMarked
package org.sigmoe.moe.router;

import org.jspecify.annotations.NullMarked;
