/**
 * What a SentencePiece {@code .model} file says: {@link
 * org.sigmoe.xl.tokenizer.sentencepiece.model.SentencePieceModel}, read from and written to
 * protobuf. What is done with it is in the other packages.
 *
 * <p>Source: <a
 * href="https://github.com/google/sentencepiece/blob/v0.2.0/src/sentencepiece_model.proto">
 * sentencepiece_model.proto</a>, whose names the settings have.
 */
@NullMarked
package org.sigmoe.xl.tokenizer.sentencepiece.model;

import org.jspecify.annotations.NullMarked;
