package org.sigmoe.xl.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.sigmoe.xl.data.TextCounts;

class TextMeasuresTest {

  @Test
  void theLossOfAllTokensIsSharedOutAmongBytesCharactersAndWords() {
    // 4 tokens of 3 bits each, of which 2 were predicted, stand for 8 bytes, 6 characters, 3 words.
    EvaluationResult result = new EvaluationResult(2, 2, 3 * Math.log(2));

    TextMeasures measures = TextMeasures.of(result, new TextCounts(4, 8, 6, 3));

    assertEquals(1.5, measures.bitsPerByte(), 1e-12);
    assertEquals(2, measures.bitsPerCharacter(), 1e-12);
    assertEquals(16, measures.wordPerplexity(), 1e-12); // 2^(12/3)
  }

  @Test
  void withATokenForEachByteItIsTheLossInBits() {
    EvaluationResult result = new EvaluationResult(99, 0, 0.7);

    TextMeasures measures = TextMeasures.of(result, new TextCounts(100, 100, 100, 20));

    assertEquals(result.bitsPerToken(), measures.bitsPerByte(), 1e-15);
    assertEquals(Math.exp(3.5), measures.wordPerplexity(), 1e-12);
  }
}
