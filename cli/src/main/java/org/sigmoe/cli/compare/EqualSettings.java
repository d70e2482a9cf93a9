package org.sigmoe.cli.compare;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.sigmoe.cli.config.RunConfig;
import org.sigmoe.cli.config.Settings;
import org.sigmoe.cli.run.UsageException;

/**
 * The settings in which compared configurations must not differ: what the models read, in what
 * order, how much of it they see, and on what they are measured.
 */
final class EqualSettings {
  private static final Map<String, Function<RunConfig, Object>> VALUES = values();

  private EqualSettings() {}

  private static Map<String, Function<RunConfig, Object>> values() {
    Map<String, Function<RunConfig, Object>> values = new LinkedHashMap<>();
    values.put("data.path", run -> run.data().path());
    values.put("data.valid", run -> run.data().valid());
    values.put("data.test", run -> run.data().test());
    values.put("model.vocabulary", run -> run.model().vocabulary());
    values.put("model.context", run -> run.model().context());
    values.put("model.memory", run -> run.model().memory());
    values.put("batch", RunConfig::batch);
    values.put("steps", RunConfig::steps);
    values.put("resetMemoryEvery", RunConfig::resetMemoryEvery);
    values.put("validation.everySteps", run -> run.validation().everySteps());
    values.put("validation.maxTokens", run -> run.validation().maxTokens());
    return values;
  }

  /** All of them. */
  static Set<String> keys() {
    return VALUES.keySet();
  }

  /**
   * Requires configurations to be equal in all of them.
   *
   * @param mayDiffer keys that are let differ
   * @throws UsageException if two differ, naming the key and who set it; or if one of {@code
   *     mayDiffer} is no such key
   */
  static void require(List<Candidate> candidates, Collection<String> mayDiffer) {
    for (String key : mayDiffer) {
      if (!VALUES.containsKey(key)) {
        throw new UsageException(
            "--may-differ: '%s' is none of what must be equal: %s"
                .formatted(key, String.join(", ", VALUES.keySet())));
      }
    }
    Candidate first = candidates.getFirst();
    for (Candidate other : candidates) {
      VALUES.forEach(
          (key, value) -> {
            boolean equal =
                Objects.equals(
                    value.apply(first.configuration().run()),
                    value.apply(other.configuration().run()));
            if (!equal && !mayDiffer.contains(key)) {
              throw new UsageException(
                  ("%s differs: %s in %s, %s in %s; give both the same, as --set %s=..., or compare"
                          + " them all the same by --may-differ %s")
                      .formatted(
                          key,
                          said(first, key),
                          first.name(),
                          said(other, key),
                          other.name(),
                          key,
                          key));
            }
          });
    }
  }

  private static String said(Candidate candidate, String key) {
    Settings settings = candidate.configuration().settings();
    return settings.text(key).orElse("nothing") + " (" + settings.where(key) + ")";
  }
}
