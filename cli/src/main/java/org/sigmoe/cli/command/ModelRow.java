package org.sigmoe.cli.command;

import org.sigmoe.cli.config.Configuration;
import org.sigmoe.cli.config.RunConfig;
import org.sigmoe.cli.info.ModelReport;

/**
 * A model that is looked at.
 *
 * @param name what to call it beside others
 * @param configuration what it follows from
 * @param report what it takes
 */
record ModelRow(String name, Configuration configuration, ModelReport report) {

  /** Counts what the model takes. */
  static ModelRow of(String name, Configuration configuration) {
    RunConfig run = configuration.run();
    return new ModelRow(
        name, configuration, ModelReport.of(run.model(), run.streams(), run.optimiser()));
  }
}
