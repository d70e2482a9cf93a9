package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {

  /** Made with Python: {@code sha256(struct.pack('>q3i', 3, 1, 2, 255)).hexdigest()[:16]}. */
  @Test
  void isTheSameOnEveryMachine() {
    assertEquals("ea20069982227b34", Fingerprint.of(new ArrayTokens(1, 2, 255)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5000, 64 * 4096, 64 * 4096 + 1, 2_000_003})
  void changesWithTheLengthAndWithTheFirstAndLastToken(int n) {
    ArrayTokens tokens = ArrayTokens.counting(n);
    String before = Fingerprint.of(tokens);
    assertEquals(before, Fingerprint.of(ArrayTokens.counting(n)));
    assertNotEquals(before, Fingerprint.of(ArrayTokens.counting(n + 1)));
    tokens.tokens()[n - 1] ^= 1;
    String lastChanged = Fingerprint.of(tokens);
    assertNotEquals(before, lastChanged);
    tokens.tokens()[0] ^= 1;
    assertNotEquals(lastChanged, Fingerprint.of(tokens));
  }
}
