package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSettingsTest {
  @TempDir private Path folder;

  private Path file(String name, String yaml) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, yaml);
  }

  /** With paths as they are seen from the folder. */
  private String refusal(Path file) {
    return assertThrows(ConfigException.class, () -> FileSettings.read(file))
        .getMessage()
        .replace(folder + "/", "");
  }

  @Test
  void fileGoesOverItsBaseAndThatOverItsOwn() throws IOException {
    Path lowest = file("lowest.yaml", "steps: 1\nbatch: 1\nseed: 1\n");
    Path middle = file("small/middle.yaml", "base: ../lowest.yaml\nbatch: 2\nseed: 2\n");
    Path highest = file("small/moe/highest.yaml", "seed: 3\nbase: ../middle.yaml\n");

    FileSettings read = FileSettings.read(highest);

    assertEquals(List.of(lowest, middle, highest), read.files());
    assertEquals(Set.of("steps", "batch", "seed"), read.settings().keys());
    assertEquals("1", read.settings().text("steps").orElseThrow());
    assertEquals("2", read.settings().text("batch").orElseThrow());
    assertEquals("3", read.settings().text("seed").orElseThrow());
    assertEquals(middle + ":2", read.settings().where("batch"));
  }

  @Test
  void presetOfTheBaseHoldsUnlessTheFileNamesAnother() throws IOException {
    file("base.yaml", "preset: e8-dense\nbatch: 5\n");
    Path same = file("same.yaml", "base: base.yaml\n");
    Path other = file("other.yaml", "base: base.yaml\npreset: wt-b-dense\n");

    Configuration inherited = Configuration.compose(null, same, Settings.empty());
    Configuration named = Configuration.compose(null, other, Settings.empty());

    assertEquals(12, inherited.run().model().layers());
    assertEquals(5, inherited.run().batch());
    assertEquals(
        "preset e8-dense, " + folder.resolve("base.yaml") + ", " + same, inherited.origin());
    assertEquals(18, named.run().model().layers());
    assertEquals(5, named.run().batch());
  }

  /** Options of a family must not come back from below a file that left the family. */
  @Test
  void optionsOfAFamilyEndWhereAFileChoosesAnother() throws IOException {
    file("lowest.yaml", "model.feedForward: {family: sigma-moe, experts: 4, expertSize: 3}\n");
    file("middle.yaml", "base: lowest.yaml\nmodel.feedForward: {family: dense}\n");
    Path highest =
        file("highest.yaml", "base: middle.yaml\nmodel.feedForward: {family: sigma-moe, k: 1}\n");

    assertEquals(
        Set.of("model.feedForward.family", "model.feedForward.k"),
        FileSettings.read(highest).settings().keys());
  }

  @Test
  void baseOfNothingIsNone() throws IOException {
    Path file = file("my.yaml", "base:\nsteps: 1\n");

    assertEquals(Set.of("steps"), FileSettings.read(file).settings().keys());
  }

  @Test
  void missingBaseIsToldWithTheFileThatNamesIt() throws IOException {
    Path file = file("small/my.yaml", "steps: 1\nbase: ../missing.yaml\n");

    assertEquals(
        "small/my.yaml:2: base: cannot read missing.yaml: there is no such file or folder",
        refusal(file));
  }

  @Test
  void brokenBaseIsToldWithItsLineAndTheFileThatNamesIt() throws IOException {
    file("broken.yaml", "steps: 1\nbatch: [1]\n");
    Path file = file("my.yaml", "base: broken.yaml\n");

    assertEquals(
        "my.yaml:1: base: broken.yaml:2: batch: is a list; a single value is needed",
        refusal(file));
  }

  @Test
  void circleIsRefusedWithTheWholeWay() throws IOException {
    Path first = file("a.yaml", "base: sub/b.yaml\n");
    file("sub/b.yaml", "base: ../a.yaml\n");

    assertEquals(
        "a.yaml:1: base: sub/b.yaml:1: base: leads in a circle: a.yaml -> sub/b.yaml -> a.yaml",
        refusal(first));
  }

  @Test
  void circleThroughALinkIsRefused() throws IOException {
    Path first = file("a.yaml", "base: link/a.yaml\n");
    Files.createSymbolicLink(folder.resolve("link"), folder);

    assertEquals("a.yaml:1: base: leads in a circle: a.yaml -> link/a.yaml", refusal(first));
  }

  @Test
  void baseOfARunIsUnknown() throws IOException {
    Path file = file("config.yaml", "base: other.yaml\n");

    String message =
        assertThrows(ConfigException.class, () -> Configuration.ofRun(file, Settings.empty()))
            .getMessage();

    assertEquals(file + ":1: unknown key 'base'", message.substring(0, message.indexOf(';')));
  }
}
