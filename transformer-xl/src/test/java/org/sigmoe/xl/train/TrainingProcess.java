package org.sigmoe.xl.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A training in a process of its own, which can be killed: {@code TrainingProcess FOLDER RUN} goes
 * on with the run, or begins it, and writes a line for everything that happens.
 */
final class TrainingProcess {
  static final int STEPS = 120;

  private TrainingProcess() {}

  /** The training, with its data in the folder. */
  static SmallTraining training(Path folder) {
    return SmallTraining.in(folder)
        .withSteps(STEPS)
        .withPlans(new ValidationPlan(15, 200), new CheckpointPlan(4, 0, 2), 1);
  }

  public static void main(String[] arguments) throws IOException {
    SmallTraining training = training(Path.of(arguments[0]));
    Path run = Path.of(arguments[1]);
    TrainingListener print = event -> System.out.println(event.getClass().getSimpleName());
    if (Files.exists(run.resolve("config.yaml"))) {
      training.resume(run, print, new StopSignal());
    } else {
      training.start(run, print, new StopSignal());
    }
    System.out.println("Done");
  }

  /** Starts the process; what it writes to its error stream joins its output. */
  static Process start(Path folder, Path run) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            TrainingProcess.class.getName(),
            folder.toString(),
            run.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
