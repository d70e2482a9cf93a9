/**
 * SentencePiece models as tokenizers: {@link
 * org.sigmoe.xl.tokenizer.sentencepiece.SentencePieceTokenizer}.
 *
 * <p>Text is encoded by the reference implementation (its library, as packed by DJL), so that the
 * tokens are the reference's by construction. Decoding, which here goes token by token, is ours.
 * The file is in {@code model}, how text is normalised in {@code normalize}, how a model is trained
 * in {@code bpe}; none of these knows this package.
 *
 * <p>Source: Kudo and Richardson, <a href="https://arxiv.org/abs/1808.06226">SentencePiece</a>
 * (2018), and <a href="https://github.com/google/sentencepiece/tree/v0.2.0">its code</a>.
 */
@NullMarked
package org.sigmoe.xl.tokenizer.sentencepiece;

import org.jspecify.annotations.NullMarked;
