package org.sigmoe.nn.engine.cpu;

import java.lang.foreign.ValueLayout;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.cpu.gemm.NativeMemory;

/** Token indices in native memory, checked before they become addresses. */
final class Tokens {
  private Tokens() {}

  /** The token at a position. */
  static int at(long tokens, int position, int vocabulary) {
    int token = NativeMemory.ALL.get(ValueLayout.JAVA_INT, tokens + 4L * position);
    if (token < 0 || token >= vocabulary) {
      throw new EngineException(
          "Token %d at position %d is outside the vocabulary of %d"
              .formatted(token, position, vocabulary));
    }
    return token;
  }
}
