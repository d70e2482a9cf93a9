package org.sigmoe.nn.engine.cpu;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sigmoe.nn.engine.EngineException;

/** How much native memory can be had, asked before it is allocated. */
final class AvailableMemory {
  private static final Path LINUX = Path.of("/proc/meminfo");
  private static final String LINUX_FIELD = "MemAvailable:";

  private AvailableMemory() {}

  /**
   * Requires memory to be there.
   *
   * @throws EngineException if it is not, with both numbers
   */
  static void require(long bytes) {
    long available = bytes();
    if (bytes > available) {
      throw new EngineException(
          ("Not enough memory: this graph needs %.2f GiB and %.2f GiB are available. A smaller batch"
                  + " or context needs less.")
              .formatted(gibibytes(bytes), gibibytes(available)));
    }
  }

  private static double gibibytes(long bytes) {
    return bytes / (double) (1 << 30);
  }

  /** What the operating system can give: free and reclaimable memory, or all of it if unknown. */
  private static long bytes() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long total = system.getTotalMemorySize();
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
