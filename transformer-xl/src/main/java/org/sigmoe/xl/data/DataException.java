package org.sigmoe.xl.data;

import org.jspecify.annotations.Nullable;

/**
 * Data that cannot be used: missing, empty, unreadable, damaged or too small. The message is meant
 * for the user: it says what is wrong, where, and what to do.
 */
public final class DataException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** An exception with a message for the user. */
  public DataException(String message) {
    super(message);
  }

  /** An exception with a message for the user, and what caused it, if anything did. */
  public DataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
