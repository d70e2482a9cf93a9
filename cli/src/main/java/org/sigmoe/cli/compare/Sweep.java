package org.sigmoe.cli.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.sigmoe.cli.config.ConfigException;
import org.sigmoe.cli.config.NearestKey;
import org.sigmoe.cli.config.Setting;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.config.YamlSettings;

/**
 * What a file of a sweep says: configurations to begin with, settings over them, and settings of
 * which every combination is a configuration of its own.
 *
 * @param bases presets and YAML files, at least one
 * @param common settings over the bases
 * @param axes for each varied key but the seed its values, each once
 * @param seeds of every configuration; empty where the file does not vary them
 */
public record Sweep(
    List<String> bases, Settings common, Map<String, List<Setting>> axes, List<Long> seeds) {
  private static final String BASE = "base";
  private static final String SET = "set";
  private static final String VARY = "vary";
  private static final String SEED = "seed";

  /** What a value may have in the name of a folder. */
  private static final String UNUSUAL = "[^A-Za-z0-9._+-]";

  /** Copies, and keeps the order of the axes. */
  public Sweep {
    bases = List.copyOf(bases);
    axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
    seeds = List.copyOf(seeds);
  }

  /**
   * One combination of settings.
   *
   * @param values what the name tells of it: keys of the axes with their values
   * @param settings the same, over those in common
   */
  public record Point(Map<String, String> values, Settings settings) {}

  /**
   * Reads a file.
   *
   * @throws ConfigException if it cannot be read or is no sweep; names the line
   */
  public static Sweep read(Path file) {
    Map<String, List<Setting>> read = YamlSettings.readLists(file);
    List<String> bases = new ArrayList<>();
    Settings common = Settings.empty();
    Map<String, List<Setting>> axes = new LinkedHashMap<>();
    List<Long> seeds = new ArrayList<>();
    for (Map.Entry<String, List<Setting>> entry : read.entrySet()) {
      String key = entry.getKey();
      List<Setting> values = entry.getValue();
      if (key.equals(BASE)) {
        distinct(key, values).forEach(value -> bases.add(Objects.requireNonNull(value.text())));
      } else if (key.startsWith(SET + ".")) {
        Setting value = single(key, values);
        common = common.with(key.substring(SET.length() + 1), value.text(), value.where());
      } else if (key.equals(VARY + "." + SEED)) {
        distinct(key, values).forEach(value -> seeds.add(seed(key, value)));
      } else if (key.startsWith(VARY + ".")) {
        axes.put(key.substring(VARY.length() + 1), distinct(key, values));
      } else {
        throw refusal(
            values.getFirst(),
            key,
            "unknown key; did you mean '%s'?"
                .formatted(
                    NearestKey.of(key.split("\\.")[0], List.of(BASE, SET, VARY)).orElse(VARY)));
      }
    }
    if (bases.isEmpty()) {
      throw new ConfigException(
          file + ": base is not set; name a preset or a YAML file, or a list of them");
    }
    return new Sweep(bases, common, axes, seeds);
  }

  private static Setting single(String key, List<Setting> values) {
    if (values.size() != 1) {
      throw refusal(values.getFirst(), key, "is a list; put it under vary, or give a single value");
    }
    return values.getFirst();
  }

  private static List<Setting> distinct(String key, List<Setting> values) {
    Set<String> texts = new LinkedHashSet<>();
    for (Setting value : values) {
      if (value.text() == null) {
        throw refusal(value, key, "needs a value");
      }
      if (!texts.add(value.text())) {
        throw refusal(value, key, "has the value %s twice".formatted(value.text()));
      }
    }
    return values;
  }

  private static long seed(String key, Setting value) {
    try {
      return Long.parseLong(Objects.requireNonNull(value.text()));
    } catch (NumberFormatException e) {
      throw refusal(value, key, "must be a whole number, got '%s'".formatted(value.text()));
    }
  }

  private static ConfigException refusal(Setting setting, String key, String problem) {
    return new ConfigException(setting.where() + ": " + key + ": " + problem);
  }

  /** The keys that are not the same in all runs. */
  public Set<String> variedKeys() {
    Set<String> keys = new LinkedHashSet<>(axes.keySet());
    if (!seeds.isEmpty()) {
      keys.add(SEED);
    }
    return keys;
  }

  /** Every combination of the axes' values; the last axis changes fastest. */
  public List<Point> points() {
    List<Point> points = List.of(new Point(Map.of(), common));
    for (Map.Entry<String, List<Setting>> axis : axes.entrySet()) {
      List<Point> more = new ArrayList<>();
      for (Point point : points) {
        for (Setting value : axis.getValue()) {
          more.add(with(point, axis.getKey(), value));
        }
      }
      points = more;
    }
    return points;
  }

  private static Point with(Point point, String key, Setting value) {
    Map<String, String> values = new LinkedHashMap<>(point.values());
    values.put(key, Objects.requireNonNull(value.text()));
    Settings one = Settings.empty().with(key, value.text(), value.where());
    return new Point(values, one.over(point.settings()));
  }

  /**
   * What to call a configuration: {@code sigma-moe,k=4,batch=64}. The base is left out where there
   * is only one and anything else is there to tell.
   */
  public String name(String base, Point point) {
    String values =
        point.values().entrySet().stream()
            .map(v -> shortKey(v.getKey()) + "=" + v.getValue().replaceAll(UNUSUAL, "-"))
            .collect(Collectors.joining(","));
    if (values.isEmpty()) {
      return base;
    }
    return bases.size() == 1 ? values : base + "," + values;
  }

  /** The last part of a key, unless another axis has the same. */
  private String shortKey(String key) {
    String last = last(key);
    boolean unique = axes.keySet().stream().filter(other -> last(other).equals(last)).count() == 1;
    return unique ? last : key;
  }

  private static String last(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }
}
