package org.sigmoe.tornado.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process is told that was started without flags, or where there is no device. */
final class StartTest {
  private static final String ARGUMENT_FILE =
      "@" + System.getenv("TORNADOVM_HOME") + "/tornado-argfile";
  private static final List<String> OTHER_FLAGS =
      RuntimeFlags.missing(property -> null, Optional.empty()).stream().skip(1).toList();

  @TempDir private Path folder;

  @Test
  void withoutAnyFlagTheMessageNamesAllOfThem() throws Exception {
    String output = query(List.of(), Map.of());
    assertTrue(output.contains("Engine 'tornado' is not available: "), output);
    assertTrue(output.contains("./sigmoe"), output);
    assertTrue(
        output
            .strip()
            .endsWith("@$TORNADOVM_HOME/tornado-argfile " + String.join(" ", OTHER_FLAGS)),
        output);
    assertFalse(output.contains("Exception"), output);
  }

  @Test
  void withTheArgumentFileAloneTheMessageNamesTheOthers() throws Exception {
    String output = query(List.of(ARGUMENT_FILE), Map.of());
    assertTrue(
        output.strip().endsWith("the java command: " + String.join(" ", OTHER_FLAGS)), output);
  }

  @Test
  void theFlagsOfTheMessageAreAllThatIsNeeded() throws Exception {
    String output = query(allFlags(), Map.of());
    assertTrue(output.strip().endsWith(Devices.choose(Optional.empty()).name()), output);
  }

  @Test
  void machineWithoutADriverIsReportedWithTheReasonAndWhatShowsWhy() throws Exception {
    Map<String, String> hidden =
        Map.of(
            "OCL_ICD_VENDORS", folder.toString(),
            "OCL_ICD_FILENAMES", "",
            "CUDA_VISIBLE_DEVICES", "-1");
    String output = query(allFlags(), hidden);
    assertTrue(output.contains("TornadoVM found no device to run on"), output);
    assertTrue(output.contains("clinfo -l"), output);
    assertFalse(output.contains("Exception"), output);
  }

  private static List<String> allFlags() {
    return Stream.concat(Stream.of(ARGUMENT_FILE), OTHER_FLAGS.stream()).toList();
  }

  /** The output of {@link DeviceQuery} in a process of its own. */
  private String query(List<String> flags, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(
        List.of(
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            DeviceQuery.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "a device query takes a second");
    assertEquals(0, process.exitValue(), Files.readString(output));
    return Files.readString(output);
  }
}
