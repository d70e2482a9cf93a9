/**
 * Trains a byte-pair encoding to a SentencePiece model, without any native code: {@link
 * org.sigmoe.xl.tokenizer.sentencepiece.bpe.BpeTrainer}.
 *
 * <p>The pieces are those that the reference's trainer finds: of all pairs of adjacent pieces the
 * most frequent is made a piece, again and again; equally frequent ones by length, then by code
 * points. Every pair knows where it occurs, so that a merge touches no other place, and a priority
 * queue knows the next, so that none is searched for.
 *
 * <p>Source: Sennrich, Haddow and Birch, <a href="https://arxiv.org/abs/1508.07909">Neural Machine
 * Translation of Rare Words with Subword Units</a> (2016); what may be a piece, and what of the
 * text is trained on, as in the reference's {@code trainer_interface.cc}.
 */
@NullMarked
package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import org.jspecify.annotations.NullMarked;
