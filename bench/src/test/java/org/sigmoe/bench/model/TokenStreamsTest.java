package org.sigmoe.bench.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TokenStreamsTest {
  private static final ModelShape SHAPE = new ModelShape(11, 16, 2, 2, 7, 24, 5, 5, 3, 0);

  @Test
  void targetOfTokenIsTheTokenAfterItAlsoAcrossSteps() {
    TokenStreams streams = new TokenStreams(SHAPE, 7);
    TokenStreams.Batch first = streams.next();
    TokenStreams.Batch second = streams.next();
    for (int stream = 0; stream < 3; stream++) {
      for (int t = 0; t < 4; t++) {
        assertEquals(first.tokens()[stream * 5 + t + 1], first.targets()[stream * 5 + t]);
      }
      assertEquals(second.tokens()[stream * 5], first.targets()[stream * 5 + 4]);
    }
  }

  @Test
  void sameSeedGivesSameTokens() {
    TokenStreams.Batch one = new TokenStreams(SHAPE, 7).next();
    TokenStreams.Batch other = new TokenStreams(SHAPE, 7).next();
    assertArrayEquals(one.tokens(), other.tokens());
    assertArrayEquals(one.targets(), other.targets());
  }

  @Test
  void tokensAreInTheVocabulary() {
    int[] tokens = new TokenStreams(SHAPE, 7).next().tokens();
    assertTrue(Arrays.stream(tokens).allMatch(token -> token >= 0 && token < 11));
  }
}
