/**
 * SentencePiece models: the {@code .model} file as records, and a tokenizer on it.
 *
 * <p>Text is encoded by the reference implementation (its library, as packed by DJL), so that the
 * tokens are the reference's by construction; decoding, which here goes token by token, and the
 * reading and writing of the file are ours. How a model is trained is in {@code bpe}, how text is
 * normalised for that in {@code normalize}.
 *
 * <p>Source: Kudo and Richardson, <a href="https://arxiv.org/abs/1808.06226">SentencePiece</a>
 * (2018), and <a
 * href="https://github.com/google/sentencepiece/blob/v0.2.0/src/sentencepiece_model.proto">
 * sentencepiece_model.proto</a>, whose names the settings have.
 */
@NullMarked
package org.sigmoe.xl.tokenizer.sentencepiece;

import org.jspecify.annotations.NullMarked;
