package org.sigmoe.bench;

import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

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
    subcommands = {RunCommand.class, DrawCommand.class})
public final class Main {
  /** Makes OpenBLAS use kernels of another processor than the one it runs on. */
  private static final String OPENBLAS_OVERRIDE = "OPENBLAS_CORETYPE";

  private Main() {}

  /**
   * Runs a command and exits with 0 if it is done, 1 if it failed, 2 if it was not understood.
   *
   * @param args a command and its options; {@code --help} tells of them
   */
  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    requireFairEnvironment();
    System.exit(
        new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(args));
  }

  /** JMH itself with options of its own, for one benchmark alone. */
  @Command(name = "jmh", description = "JMH itself, with JMH's options: for one benchmark alone.")
  int jmh(@Parameters(arity = "0..*", description = "as for JMH") String[] args)
      throws IOException {
    org.openjdk.jmh.Main.main(args == null ? new String[0] : args);
    return CommandLine.ExitCode.OK;
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
