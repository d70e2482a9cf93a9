package org.sigmoe.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TornadoVM's engine is in no class path of these tests; tornado-kernels tests its devices. */
class DevicesCommandTest {

  @Test
  void theCpuIsListedWithItsFlagsMemoryAndVectors() {
    List<String> lines = Cli.run("devices").done().out().lines().toList();

    assertTrue(lines.getFirst().startsWith("flags"), lines::toString);
    String cpu = lines.get(1);
    assertTrue(cpu.startsWith("--engine cpu "), cpu);
    assertTrue(cpu.matches(".* \\d+(\\.\\d+)? [GT]iB .*"), cpu);
    assertTrue(cpu.contains(Runtime.getRuntime().availableProcessors() + " processor"), cpu);
    assertTrue(cpu.contains(" bits"), cpu);
  }

  @Test
  void anEngineThatThisBuildLacksIsListedWithHowToGetIt() {
    String out = Cli.run("devices").done().out();

    assertTrue(out.contains("--engine tornado: this build has no TornadoVM engine"), out);
    assertTrue(out.contains("sdk install tornadovm"), out);
  }

  @Test
  void jsonHasTheSame() {
    JsonNode engines = Cli.run("devices", "--json").done().json().get("engines");

    JsonNode cpu = engines.get(0);
    assertEquals("cpu", cpu.get("name").asText());
    assertFalse(cpu.has("unavailable"));
    assertTrue(cpu.get("devices").get(0).get("memoryBytes").longValue() > 1 << 28);
    assertFalse(cpu.get("devices").get(0).has("name"), "there is no choice");
    JsonNode tornado = engines.get(1);
    assertEquals("tornado", tornado.get("name").asText());
    assertTrue(tornado.get("unavailable").asText().contains("TORNADOVM_HOME"));
    assertEquals(0, tornado.get("devices").size());
  }

  @Test
  void anEngineForTestsAloneIsNotListed() {
    assertFalse(Cli.run("devices").done().out().contains("reference"));
  }
}
