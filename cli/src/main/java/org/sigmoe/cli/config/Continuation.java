package org.sigmoe.cli.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.sigmoe.nn.optim.LearningRateSchedule;

/**
 * The configuration of a run that goes on, with what the user changes. Model, batch and seed cannot
 * change: checkpoints hold tensors and a place in the data that belong to them. All else may, for
 * instance how many steps there are.
 *
 * @param before what the folder of the run says
 * @param after with the changes
 */
public record Continuation(Configuration before, Configuration after) {

  /**
   * Puts the changes over the configuration of a run.
   *
   * @param file the configuration in its folder
   * @param commandLine the changes
   * @throws ConfigException if the file or a change is wrong, or one of what cannot change
   */
  public static Continuation of(Path file, Settings commandLine) {
    Configuration before = Configuration.ofRun(file, Settings.empty());
    Configuration after = Configuration.ofRun(file, commandLine);
    fixed(before.run())
        .forEach(
            (group, value) -> {
              if (!value.equals(fixed(after.run()).get(group))) {
                throw refusal(group, commandLine);
              }
            });
    return new Continuation(before, after);
  }

  private static Map<String, Object> fixed(RunConfig run) {
    Map<String, Object> fixed = new LinkedHashMap<>();
    fixed.put("model", run.model());
    fixed.put("batch", run.batch());
    fixed.put("seed", run.seed());
    return fixed;
  }

  private static ConfigException refusal(String group, Settings commandLine) {
    String key =
        commandLine.keys().stream()
            .filter(changed -> changed.equals(group) || changed.startsWith(group + "."))
            .findFirst()
            .orElse(group);
    return ConfigException.at(
        commandLine.where(key),
        key,
        "cannot change when a run goes on, since its checkpoints depend on it; start a new run");
  }

  /** Whether anything changes. */
  public boolean changed() {
    return !before.run().equals(after.run());
  }

  /**
   * What another number of steps does to the learning rate, in a sentence; empty where it does
   * nothing.
   *
   * @param step steps done
   */
  public Optional<String> scheduleNote(long step) {
    RunConfig old = before.run();
    RunConfig now = after.run();
    if (old.steps() == now.steps() || !old.learningRate().equals(now.learningRate())) {
      return Optional.empty();
    }
    LearningRateSchedule oldRates = old.training().learningRate();
    LearningRateSchedule rates = now.training().learningRate();
    if (oldRates.equals(rates)) {
      return Optional.empty();
    }
    return Optional.of(
        ("the cosine of the learning rate now ends at step %,d, not %,d: the rate of the next step"
                + " is %.3g, not %.3g")
            .formatted(now.steps(), old.steps(), rates.at(step), oldRates.at(step)));
  }
}
