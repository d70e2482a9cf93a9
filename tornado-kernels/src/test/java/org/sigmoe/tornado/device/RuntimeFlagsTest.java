package org.sigmoe.tornado.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import uk.ac.manchester.tornado.api.TaskGraph;

final class RuntimeFlagsTest {
  private static final Optional<Module> API = Optional.of(TaskGraph.class.getModule());

  @Test
  void buildStartsTestsWithAllFlags() {
    assertEquals(List.of(), RuntimeFlags.missing());
    assertEquals(Optional.empty(), RuntimeFlags.problem());
  }

  /** The property of the pom is also what the launcher gives. */
  @Test
  void theFlagsAskedForAreThoseThatTheBuildAndTheLauncherGive() {
    List<String> given = List.of(System.getProperty("sigmoe.tornado.jvm.args").split(" "));
    assertEquals(given, RuntimeFlags.missing(property -> null, API).stream().skip(1).toList());
  }

  @Test
  void theArgumentFileIsAskedForFirstWhereNothingIsGiven() {
    assertEquals(
        "@$TORNADOVM_HOME/tornado-argfile",
        RuntimeFlags.missing(property -> null, Optional.empty()).getFirst());
  }

  @Test
  void aClassPathWithTornadoVmIsNotEnough() {
    assertEquals(
        List.of("@$TORNADOVM_HOME/tornado-argfile"),
        RuntimeFlags.missing(complete()::get, Optional.empty()));
  }

  @Test
  void silentFallbackIsNotAccepted() {
    Map<String, String> properties = complete();
    properties.put("tornado.recover.bailout", "true");
    assertEquals(
        List.of("-Dtornado.recover.bailout=false"), RuntimeFlags.missing(properties::get, API));
  }

  @Test
  void smallerByteCodeBufferIsNotAcceptedAndALargerOneIs() {
    Map<String, String> properties = complete();
    properties.put("tornado.tvm.maxbytecodesize", "4096");
    assertEquals(
        List.of("-Dtornado.tvm.maxbytecodesize=262144"),
        RuntimeFlags.missing(properties::get, API));
    properties.put("tornado.tvm.maxbytecodesize", "1048576");
    assertEquals(List.of(), RuntimeFlags.missing(properties::get, API));
  }

  @Test
  void messageSaysHowToStart() {
    String message = RuntimeFlags.message(List.of("-Da=b", "-Dc=d"));
    assertTrue(message.contains("./sigmoe"), message);
    assertTrue(message.endsWith("-Da=b -Dc=d"), message);
  }

  private static Map<String, String> complete() {
    return new HashMap<>(
        Map.of(
            "tornado.load.runtime.implementation", "a.Runtime",
            "tornado.recover.bailout", "false",
            "tornado.tvm.maxbytecodesize", "262144",
            "tornado.max.events", "256",
            "tornado.cuda.host.pinning", "false",
            "tornado.opencl.compiler.flags", "-w",
            "tornado.device.memory", "1024GB"));
  }
}
