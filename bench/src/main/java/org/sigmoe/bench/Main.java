package org.sigmoe.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Runs the benchmarks and draws their results.
 *
 * <pre>
 * mvn -q -pl bench -am package -DskipTests -Pbench -Dbench="run layers"
 * mvn -q -pl bench -am package -DskipTests -Pbench -Dbench="draw docs/results/sweeps-cpu.json"
 * </pre>
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Sigmoe beside what people use today, and draws the results.",
    subcommands = {RunCommand.class, DrawCommand.class},
    footer = "'bench jmh ...' is JMH itself, with JMH's options.")
public final class Main {
  /** Makes OpenBLAS use kernels of another processor than the one it runs on. */
  private static final String OPENBLAS_OVERRIDE = "OPENBLAS_CORETYPE";

  private static final String JMH = "jmh";

  private Main() {}

  /**
   * Runs a command and exits with 0 if it is done, 1 if it failed, 2 if it was not understood.
   *
   * @param args a command and its options; {@code --help} tells of them
   */
  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT);
    requireFairEnvironment();
    if (args.length > 0 && args[0].equals(JMH)) {
      // Its options are not picocli's.
      org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
      return;
    }
    System.exit(
        new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  /** Ends the process where the environment would slow the peer down. */
  private static void requireFairEnvironment() {
    String override = System.getenv(OPENBLAS_OVERRIDE);
    if (override != null) {
      System.err.printf(
          "%s=%s is set and would make the libtorch peer slower than it is: unset it.%n",
          OPENBLAS_OVERRIDE, override);
      System.exit(CommandLine.ExitCode.USAGE);
    }
  }
}
