package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {

  private static Settings of(String... keysAndTexts) {
    Settings settings = Settings.empty();
    for (int i = 0; i < keysAndTexts.length; i += 2) {
      settings = settings.with(keysAndTexts[i], keysAndTexts[i + 1], "test");
    }
    return settings;
  }

  @Test
  void upperLayerWins() {
    Settings both = of("a", "1").over(of("a", "2", "b", "3"));

    assertEquals(Optional.of("1"), both.text("a"));
    assertEquals(Optional.of("3"), both.text("b"));
  }

  @Test
  void nothingTakesBackWhatIsBelow() {
    Settings both = Settings.empty().with("a", null, "test").over(of("a", "2"));

    assertEquals(Optional.empty(), both.text("a"));
  }

  @Test
  void anotherFamilyLeavesTheOptionsOfTheFirstBehind() {
    Settings dense = of(Settings.FAMILY, "dense", "model.feedForward.dFeedForward", "64", "a", "1");

    assertEquals(Set.of(Settings.FAMILY, "a"), of(Settings.FAMILY, "other").over(dense).keys());
    assertEquals(dense.keys(), of(Settings.FAMILY, "dense").over(dense).keys());
  }

  @Test
  void anotherTextLeavesTheHeldOutTextsBehind() {
    Settings below = of("data.path", "a", "data.valid", "b", "data.test", "c");

    assertEquals(Set.of("data.path"), of("data.path", "d").over(below).keys());
    assertEquals(Optional.of("b"), of("data.test", "d").over(below).text("data.valid"));
  }
}
