package org.sigmoe.cli.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.nn.checkpoint.CheckpointException;

/**
 * What is trained and compared.
 *
 * @param folder holds everything: a folder for each candidate with a run for each seed, and the
 *     results
 * @param candidates in the order of the table
 * @param baseline what the others are compared with, one of the candidates
 * @param seeds of initial parameters and dropout, one run each
 */
public record ComparisonPlan(
    Path folder, List<Candidate> candidates, Candidate baseline, List<Long> seeds) {

  /**
   * One training.
   *
   * @param candidate what is trained
   * @param seed its seed
   * @param folder of the run
   */
  public record Run(Candidate candidate, long seed, Path folder) {}

  /** Copies the lists. */
  public ComparisonPlan {
    candidates = List.copyOf(candidates);
    seeds = List.copyOf(seeds);
  }

  /**
   * A plan that makes sense.
   *
   * @param baseline a candidate's name; the empty text for the first
   * @param mayDiffer keys of settings that should be equal, and may differ nevertheless
   * @throws UsageException if there is nothing to compare, a name or a seed stands twice, there is
   *     no such baseline, or the candidates differ in what must be equal
   */
  public static ComparisonPlan of(
      Path folder,
      List<Candidate> candidates,
      String baseline,
      List<Long> seeds,
      Collection<String> mayDiffer) {
    if (candidates.isEmpty()) {
      throw new UsageException("name the configurations to compare: presets or YAML files");
    }
    Set<String> names = new HashSet<>();
    for (Candidate candidate : candidates) {
      if (!names.add(candidate.name())) {
        throw new UsageException(
            "two configurations are called '%s'; give one of the files another name"
                .formatted(candidate.name()));
      }
    }
    if (seeds.isEmpty() || new HashSet<>(seeds).size() < seeds.size()) {
      throw new UsageException("--seeds: needs at least one seed and each once, got " + seeds);
    }
    EqualSettings.require(candidates, mayDiffer);
    Candidate base =
        candidates.stream()
            .filter(candidate -> baseline.isEmpty() || candidate.name().equals(baseline))
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        "--baseline: '%s' is none of %s"
                            .formatted(baseline, String.join(", ", names))));
    return new ComparisonPlan(folder, candidates, base, seeds);
  }

  /** The keys in which configurations may differ only if it is said. */
  public static Set<String> keysThatMustBeEqual() {
    return EqualSettings.keys();
  }

  /** All trainings: every candidate with the first seed, then with the second, and so on. */
  public List<Run> runs() {
    return seeds.stream()
        .flatMap(seed -> candidates.stream().map(candidate -> run(candidate, seed)))
        .toList();
  }

  /** The finished trainings of a candidate. */
  List<Run> finished(Candidate candidate) throws CheckpointException {
    List<Run> finished = new ArrayList<>();
    for (long seed : seeds) {
      Run run = run(candidate, seed);
      if (RunState.of(run) == RunState.FINISHED) {
        finished.add(run);
      }
    }
    return finished;
  }

  /** The training of a candidate with a seed. */
  private Run run(Candidate candidate, long seed) {
    Candidate seeded =
        new Candidate(
            candidate.name(),
            candidate.configuration().with("seed", Long.toString(seed), "--seeds"));
    return new Run(seeded, seed, folder.resolve(candidate.name()).resolve("seed-" + seed));
  }
}
