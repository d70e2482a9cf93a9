package org.sigmoe.cli.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keys, as dotted paths ({@code model.dModel}), with what is written for them. Values stay text
 * until all layers are put together, so that every message can say who wrote them.
 */
public final class Settings {
  /** The key that names the feed-forward family. */
  static final String FAMILY = "model.feedForward.family";

  /**
   * The key by which a family is sized: to have as many parameters as a dense block of this width.
   */
  static final String MATCH_DENSE = "model.feedForward.matchDense";

  /** What the keys of the family's options begin with. */
  static final String FAMILY_OPTIONS = "model.feedForward.";

  private static final String DATA_PATH = "data.path";
  private static final String DATA = "data.";
  private static final Settings EMPTY = new Settings(Map.of());

  private final Map<String, Setting> entries;

  private Settings(Map<String, Setting> entries) {
    this.entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** No settings. */
  public static Settings empty() {
    return EMPTY;
  }

  /** These settings and one more, or another value for it. */
  public Settings with(String key, @Nullable String text, String where) {
    Map<String, Setting> more = new LinkedHashMap<>(entries);
    more.put(key, new Setting(text, where));
    return new Settings(more);
  }

  /** These settings but for one. */
  Settings without(String key) {
    return filtered(other -> !other.equals(key));
  }

  /**
   * These settings, and those of {@code below} that they say nothing about. Where they choose
   * another feed-forward family, the options of the family below go with it; where they name a text
   * to learn from, so do the held-out texts below.
   */
  public Settings over(Settings below) {
    Settings base = below;
    if (get(FAMILY).isPresent() && !text(FAMILY).equals(below.text(FAMILY))) {
      base = base.filtered(key -> !key.startsWith(FAMILY_OPTIONS));
    }
    if (get(DATA_PATH).isPresent()) {
      base = base.filtered(key -> !key.startsWith(DATA));
    }
    Map<String, Setting> both = new LinkedHashMap<>(base.entries);
    both.putAll(entries);
    return new Settings(both);
  }

  /** The setting of a key, if anything is written for it. */
  public Optional<Setting> get(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  /** The value of a key; empty if nothing is written, or written as nothing. */
  public Optional<String> text(String key) {
    return get(key).map(Setting::text);
  }

  /** Who set a key, for messages. */
  public String where(String key) {
    return get(key).map(Setting::where).orElse("configuration");
  }

  /** All keys, in the order in which they were written first. */
  public Set<String> keys() {
    return entries.keySet();
  }

  private Settings filtered(Predicate<String> keep) {
    Map<String, Setting> kept = new LinkedHashMap<>(entries);
    kept.keySet().removeIf(keep.negate());
    return new Settings(kept);
  }
}
