/**
 * Losses that keep the experts of a block in equal use, and its router's logits small. They come
 * weighted, to be added to the loss as they are.
 */
@NullMarked
package org.sigmoe.moe.balance;

import org.jspecify.annotations.NullMarked;
