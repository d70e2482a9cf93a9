/**
 * What SentencePiece does to a text before it is cut: rules that replace sequences of characters
 * ({@link org.sigmoe.xl.tokenizer.sentencepiece.normalize.CharsMap}), made here from Unicode's
 * tables as the JDK has them, compiled into the form that a {@code .model} file carries, and
 * applied from that form, so that a trainer sees the text as every reader of its model will.
 *
 * <p>Source: <a
 * href="https://github.com/google/sentencepiece/blob/v0.2.0/doc/normalization.md">SentencePiece's
 * documentation of normalisation</a>, and for the compiled form {@code normalizer.cc} and <a
 * href="https://github.com/s-yata/darts-clone">Darts-clone</a>.
 */
@NullMarked
package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import org.jspecify.annotations.NullMarked;
