package org.sigmoe.nn.engine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this machine can give, asked before it is allocated. */
public final class HostMemory {
  private static final Path LINUX = Path.of("/proc/meminfo");
  private static final String LINUX_FIELD = "MemAvailable:";

  private HostMemory() {}

  /**
   * Requires memory to be there.
   *
   * @param what needs it, for the message: for example {@code this graph}
   * @throws EngineException if it is not, with both numbers
   */
  public static void require(String what, long bytes) {
    long available = available();
    if (bytes > available) {
      throw new EngineException(
          ("Not enough memory: %s needs %.2f GiB and %.2f GiB are available. A smaller model,"
                  + " batch or context needs less.")
              .formatted(what, gibibytes(bytes), gibibytes(available)));
    }
  }

  private static double gibibytes(long bytes) {
    return bytes / (double) (1 << 30);
  }

  /** Bytes of this machine, or of the container that this process is in. */
  public static long total() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getTotalMemorySize();
  }

  /** Bytes that are free or can be reclaimed; all of the machine's where that is unknown. */
  public static long available() {
    long total = total();
    if (!Files.isReadable(LINUX)) {
      return total;
    }
    try (var lines = Files.lines(LINUX)) {
      return lines
          .filter(line -> line.startsWith(LINUX_FIELD))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .stream()
          .map(available -> Math.min(available, total))
          .findFirst()
          .orElse(total);
    } catch (IOException e) {
      return total;
    }
  }
}
