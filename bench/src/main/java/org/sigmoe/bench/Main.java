package org.sigmoe.bench;

import java.io.IOException;

/**
 * Runs the benchmarks: a JMH command line, after a check that the environment is fair.
 *
 * <pre>
 * mvn -q -pl bench -am package -DskipTests
 * java -cp "bench/target/classes:$(cat bench/target/classpath)" org.sigmoe.bench.Main \
 *     TrainingStep -p model=TINY -p threads=1 -p precision=F32
 * </pre>
 */
public final class Main {
  /** Makes OpenBLAS use kernels of another processor than the one it runs on. */
  private static final String OPENBLAS_OVERRIDE = "OPENBLAS_CORETYPE";

  private Main() {}

  /**
   * Starts JMH.
   *
   * @param args as for JMH itself; {@code -h} prints them
   */
  public static void main(String[] args) throws IOException {
    requireFairEnvironment();
    org.openjdk.jmh.Main.main(args);
  }

  /** Ends the process where the environment would slow the peer down. */
  static void requireFairEnvironment() {
    String override = System.getenv(OPENBLAS_OVERRIDE);
    if (override != null) {
      System.err.printf(
          "%s=%s is set and would make the libtorch peer slower than it is: unset it.%n",
          OPENBLAS_OVERRIDE, override);
      System.exit(2);
    }
  }
}
