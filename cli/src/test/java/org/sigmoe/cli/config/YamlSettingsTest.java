package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlSettingsTest {

  private static String refusal(String yaml) {
    return assertThrows(ConfigException.class, () -> YamlSettings.parse("a.yaml", yaml))
        .getMessage();
  }

  @Test
  void nestedMapsAreDottedKeysWithTheirLines() {
    Settings settings =
        YamlSettings.parse("a.yaml", "steps: 10\nmodel:\n  # width\n  dModel: 64\n  memory:\n");

    assertEquals(Set.of("steps", "model.dModel", "model.memory"), settings.keys());
    assertEquals(new Setting("10", "a.yaml:1"), settings.get("steps").orElseThrow());
    assertEquals(new Setting("64", "a.yaml:4"), settings.get("model.dModel").orElseThrow());
    assertEquals(new Setting(null, "a.yaml:5"), settings.get("model.memory").orElseThrow());
  }

  @Test
  void flowMapsAndDottedKeysAreTheSame() {
    Settings settings = YamlSettings.parse("a.yaml", "model: {layers: 2}\nmodel.heads: 4\n");

    assertEquals(Set.of("model.layers", "model.heads"), settings.keys());
  }

  @Test
  void numbersStayAsTheyAreWritten() {
    assertEquals("2e-3", YamlSettings.parse("a.yaml", "lr: 2e-3").get("lr").orElseThrow().text());
    assertEquals("010", YamlSettings.parse("a.yaml", "n: 010").get("n").orElseThrow().text());
  }

  @Test
  void commentsAloneAreNoSettings() {
    assertTrue(YamlSettings.parse("a.yaml", "# nothing\n").keys().isEmpty());
  }

  @Test
  void keyWrittenTwiceIsRefusedWithBothLines() {
    assertEquals(
        "a.yaml:3: model.heads: is written twice, first at a.yaml:2",
        refusal("model:\n  heads: 4\nmodel.heads: 8\n"));
  }

  @Test
  void listsAndReferencesAreRefused() {
    assertEquals(
        "a.yaml:2: steps: is a list; a single value is needed", refusal("seed: 1\nsteps: [1, 2]"));
    assertEquals(
        "a.yaml:2: b: references (*name) are not supported; write it out",
        refusal("a: &x 1\nb: *x\n"));
  }

  @Test
  void textThatIsNoMapIsRefused() {
    assertTrue(refusal("steps").startsWith("a.yaml:1: keys with values are needed"));
    assertTrue(refusal("a: 1\n---\nb: 2\n").contains("a second document"));
  }

  @Test
  void brokenYamlIsRefusedWithItsLine() {
    String message = refusal("model:\n  heads: 4\n layers: [\n");

    assertTrue(message.matches("a\\.yaml:[34]: not YAML: .+"), message);
  }

  @Test
  void fileThatCannotBeReadIsRefusedByName(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing.yaml");
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {'a', (byte) 0xFF});

    assertEquals(
        "cannot read " + missing + ": there is no such file or folder",
        assertThrows(ConfigException.class, () -> YamlSettings.read(missing)).getMessage());
    assertTrue(
        assertThrows(ConfigException.class, () -> YamlSettings.read(binary))
            .getMessage()
            .contains("not a text in UTF-8"));
  }

  @Test
  void writtenSettingsAreReadBack() {
    Settings settings =
        Settings.empty()
            .with("steps", "10", "test")
            .with("model.dModel", "64", "test")
            .with("model.feedForward.family", "dense", "test")
            .with("model.dropout", "0.1", "test")
            .with("data.path", "/a b/c: d # e", "test")
            .with("data.valid", null, "test")
            .with("data.test", "true", "test");

    Settings read =
        YamlSettings.parse("b.yaml", YamlSettings.write(settings, List.copyOf(settings.keys())));

    assertEquals(settings.keys(), read.keys());
    for (String key : settings.keys()) {
      assertEquals(settings.text(key), read.text(key), key);
    }
  }
}
