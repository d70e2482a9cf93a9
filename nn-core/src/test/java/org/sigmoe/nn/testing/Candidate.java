package org.sigmoe.nn.testing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.engine.reference.ReferenceEngineProvider;

/** An engine other than the reference, and the options that it is tested with. */
public record Candidate(EngineProvider provider, EngineOptions options) {
  private static final int[] THREADS = {1, 2, 3};
  private static final int[] THREADS_OF_OTHER_PRECISIONS = {2};

  /**
   * All {@link TestedEngines} but the reference: every engine in every precision that it has, with
   * several numbers of threads where its description says that it makes a difference.
   */
  public static List<Candidate> atHand() {
    List<Candidate> candidates = new ArrayList<>();
    for (EngineProvider provider : TestedEngines.atHand()) {
      if (!provider.name().equals(ReferenceEngineProvider.NAME)) {
        candidates.addAll(of(provider));
      }
    }
    return candidates;
  }

  private static List<Candidate> of(EngineProvider provider) {
    Map<String, Candidate> byDescription = new LinkedHashMap<>();
    for (Precision precision : Precision.values()) {
      boolean exact = precision == Precision.F32;
      for (int threads : exact ? THREADS : THREADS_OF_OTHER_PRECISIONS) {
        EngineOptions options =
            TestedEngines.options(provider.name())
                .withThreads(threads)
                .withPrecision(precision)
                .withBuffers(EngineOptions.BufferFill.POISON);
        Candidate candidate = new Candidate(provider, options);
        try (Engine engine = candidate.open()) {
          byDescription.putIfAbsent(engine.description(), candidate);
        } catch (EngineException e) {
          if (exact) {
            throw e;
          }
          // A precision that the engine does not have.
        }
      }
    }
    return List.copyOf(byDescription.values());
  }

  /** Opens it. */
  public Engine open() {
    return provider.open(options);
  }

  @Override
  public String toString() {
    return provider.name() + " " + options.precision() + " on " + options.threads() + " threads";
  }
}
