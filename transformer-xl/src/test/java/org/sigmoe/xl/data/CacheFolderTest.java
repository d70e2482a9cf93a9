package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {

  @Test
  void isBelowXdgCacheHomeWhereThatIsSet() {
    assertEquals(
        Path.of("/var/x/sigmoe"), CacheFolder.of(Map.of("XDG_CACHE_HOME", "/var/x"), "/home/u"));
  }

  @Test
  void isBelowTheHomeFolderWhereXdgCacheHomeIsMissingEmptyOrRelative() {
    Path expected = Path.of("/home/u/.cache/sigmoe");
    assertEquals(expected, CacheFolder.of(Map.of(), "/home/u"));
    assertEquals(expected, CacheFolder.of(Map.of("XDG_CACHE_HOME", ""), "/home/u"));
    assertEquals(expected, CacheFolder.of(Map.of("XDG_CACHE_HOME", "x/y"), "/home/u"));
  }
}
