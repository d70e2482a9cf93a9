/**
 * From files to batches: a {@link org.sigmoe.xl.data.Corpus} finds text, splits it into train,
 * valid and test, and maps it into memory; {@link org.sigmoe.xl.data.BatchStream} and {@link
 * org.sigmoe.xl.data.EvaluationPass} read batches of tokens from it.
 *
 * <p>This is not where text becomes tokens (see {@code tokenizer}), and it knows nothing of models:
 * the memory that is carried from batch to batch is the reader's to keep and to reset.
 *
 * <p>Whatever is wrong with the data a user gave is a {@link org.sigmoe.xl.data.DataException}.
 */
@NullMarked
package org.sigmoe.xl.data;

import org.jspecify.annotations.NullMarked;
