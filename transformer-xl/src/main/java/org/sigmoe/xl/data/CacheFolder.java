package org.sigmoe.xl.data;

import java.nio.file.Path;
import java.util.Map;

/** Where files are kept that can be made again at any time. */
public final class CacheFolder {

  private CacheFolder() {}

  /** {@code $XDG_CACHE_HOME/sigmoe}, or {@code ~/.cache/sigmoe} where that is not set. */
  public static Path ofUser() {
    return of(System.getenv(), System.getProperty("user.home"));
  }

  /** A relative XDG_CACHE_HOME counts as not set, as the XDG Base Directory Specification asks. */
  static Path of(Map<String, String> environment, String home) {
    Path xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    return (xdg.isAbsolute() ? xdg : Path.of(home, ".cache")).resolve("sigmoe");
  }
}
