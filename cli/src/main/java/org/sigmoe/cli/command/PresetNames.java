package org.sigmoe.cli.command;

import java.util.Iterator;
import org.sigmoe.cli.config.Presets;

/** The presets, for the help and for the completion of shells. */
final class PresetNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Presets.NAMES.iterator();
  }
}
