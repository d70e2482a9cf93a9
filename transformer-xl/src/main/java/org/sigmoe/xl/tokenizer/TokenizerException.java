package org.sigmoe.xl.tokenizer;

import org.jspecify.annotations.Nullable;

/**
 * A tokenizer that cannot be opened, made or written. The message is meant for the user: it names
 * the file, says what is wrong with it and what to do.
 */
public final class TokenizerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** An exception with a message for the user. */
  public TokenizerException(String message) {
    super(message);
  }

  /** An exception with a message for the user, and what caused it, if anything did. */
  public TokenizerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
