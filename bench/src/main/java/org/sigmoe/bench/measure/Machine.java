package org.sigmoe.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a result was measured on.
 *
 * @param processor model and family, as the operating system names them
 * @param cores processors that the Java virtual machine sees
 * @param instructions those that decide over the speed of matrix products
 * @param java vendor and version of the virtual machine
 */
record Machine(String processor, int cores, String instructions, String java) {
  private static final Path LINUX = Path.of("/proc/cpuinfo");
  private static final List<String> DECISIVE =
      List.of("avx2", "avx512f", "avx512_bf16", "amx_tile", "amx_bf16");

  /** This machine; processor and instructions are known on Linux only. */
  static Machine here() throws IOException {
    return new Machine(
        field("model name") + ", family " + field("cpu family") + " model " + field("model"),
        Runtime.getRuntime().availableProcessors(),
        Stream.of(field("flags").split(" "))
            .filter(DECISIVE::contains)
            .collect(Collectors.joining(" ")),
        System.getProperty("java.vm.vendor") + " " + Runtime.version());
  }

  private static String field(String name) throws IOException {
    if (!Files.isReadable(LINUX)) {
      return "unknown";
    }
    try (Stream<String> lines = Files.lines(LINUX)) {
      return lines
          .filter(line -> line.split(":")[0].strip().equals(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }
}
