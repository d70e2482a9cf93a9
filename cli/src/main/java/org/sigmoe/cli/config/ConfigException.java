package org.sigmoe.cli.config;

/**
 * A configuration that cannot be used. The message is meant for the user: where the setting stands,
 * its key, what is wrong with it and what to do.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for the user. */
  public ConfigException(String message) {
    super(message);
  }

  /** About one setting. */
  static ConfigException at(String where, String key, String problem) {
    return new ConfigException(where + ": " + key + ": " + problem);
  }
}
