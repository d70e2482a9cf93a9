package org.sigmoe.nn.engine.reference;

import java.util.Optional;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.engine.Precision;

/** Announces the reference engine as {@code reference}. */
public final class ReferenceEngineProvider implements EngineProvider {
  /** The name by which it is chosen. */
  public static final String NAME = "reference";

  /** For {@link java.util.ServiceLoader}. */
  public ReferenceEngineProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  /**
   * {@inheritDoc}
   *
   * <p>The number of threads is of no effect: it always runs on the caller's. Neither is the
   * filling of buffers: every result of every run lies in fresh memory.
   */
  @Override
  public ReferenceEngine open(EngineOptions options) {
    if (options.precision() != Precision.F32) {
      throw new EngineException(
          "The reference engine rounds nothing, so it has no precision "
              + options.precision()
              + "; open it with "
              + Precision.F32);
    }
    options
        .device()
        .ifPresent(
            device -> {
              throw new EngineException(
                  "The reference engine has no device '" + device + "'; leave the device out");
            });
    return new ReferenceEngine();
  }
}
