/**
 * Continues a text: a language model gives the likelihood of each next token, a sampler chooses one
 * of them, a decoder makes text of it.
 *
 * <p>What it is not: it loads no checkpoint, reads no prompt from anywhere and shows nothing.
 */
@NullMarked
package org.sigmoe.xl.generate;

import org.jspecify.annotations.NullMarked;
