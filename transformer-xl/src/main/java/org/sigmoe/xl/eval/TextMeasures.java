package org.sigmoe.xl.eval;

import org.sigmoe.xl.data.TextCounts;

/**
 * How well a text was predicted, in terms that do not depend on what its tokens are: the loss of
 * all its tokens, shared out among its bytes, characters or words.
 *
 * <p>An {@link EvaluationResult} predicts a little less than all tokens; those that it leaves out
 * count here with its mean loss.
 *
 * @param bitsPerByte bits for a byte of the text in UTF-8
 * @param bitsPerCharacter bits for a character; of enwik8, whose characters are its bytes, this is
 *     what is published
 * @param wordPerplexity exp of the loss of all tokens divided by the number of words; end-of-line
 *     tokens, which other programs count as words, there are none
 */
public record TextMeasures(double bitsPerByte, double bitsPerCharacter, double wordPerplexity) {

  /**
   * The measures of a text.
   *
   * @param counts of the whole text
   */
  public static TextMeasures of(EvaluationResult result, TextCounts counts) {
    double bits = result.bitsPerToken() * counts.tokens();
    return new TextMeasures(
        bits / counts.bytes(),
        bits / counts.characters(),
        Math.exp(result.loss() * counts.tokens() / counts.words()));
  }
}
