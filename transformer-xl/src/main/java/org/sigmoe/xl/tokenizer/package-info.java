/**
 * Between text and tokens: {@link org.sigmoe.xl.tokenizer.Tokenizer} and its forms, with a decoder
 * that turns generated tokens into text one at a time.
 *
 * <p>This is not where token sequences are stored, split or batched (see {@code data}), nor where
 * the next token is chosen.
 */
@NullMarked
package org.sigmoe.xl.tokenizer;

import org.jspecify.annotations.NullMarked;
