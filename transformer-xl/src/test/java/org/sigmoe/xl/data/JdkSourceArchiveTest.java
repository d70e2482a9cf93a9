package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdkSourceArchiveTest {

  @TempDir Path folder;

  @Test
  void firstJdkWithAnArchiveIsChosen() {
    Path none = folder.resolve("jlinked");
    Path first = TestFiles.write(folder.resolve("b/lib/src.zip"), "x");
    TestFiles.write(folder.resolve("a/lib/src.zip"), "x");
    assertEquals(
        Optional.of(first),
        JdkSourceArchive.find(List.of(none, folder.resolve("b"), folder.resolve("a"))));
    assertEquals(Optional.empty(), JdkSourceArchive.find(List.of(none)));
  }

  @Test
  void linkIsFollowedAndOneThatLeadsNowhereIsNoArchive() throws IOException {
    TestFiles.write(folder.resolve("real.zip"), "x");
    Path linked = Files.createDirectories(folder.resolve("linked/lib")).getParent();
    Files.createSymbolicLink(linked.resolve("lib/src.zip"), folder.resolve("real.zip"));
    Path dangling = Files.createDirectories(folder.resolve("dangling/lib")).getParent();
    Files.createSymbolicLink(dangling.resolve("lib/src.zip"), folder.resolve("gone.zip"));
    assertEquals(
        Optional.of(linked.resolve("lib/src.zip")),
        JdkSourceArchive.find(List.of(dangling, linked)));
  }

  @Test
  void runningJdkComesFirstThenJavaHomeThenOthersFound() throws IOException {
    Files.createDirectories(folder.resolve(".jdks/jdk-24"));
    Files.createDirectories(folder.resolve(".jdks/jdk-25"));
    Map<String, String> properties =
        Map.of("java.home", "/opt/running", "user.home", folder.toString());
    List<Path> homes = JdkSourceArchive.javaHomes(properties::get, Map.of("JAVA_HOME", "/j")::get);
    assertEquals(List.of(Path.of("/opt/running"), Path.of("/j")), homes.subList(0, 2));
    assertEquals(
        List.of(folder.resolve(".jdks/jdk-25"), folder.resolve(".jdks/jdk-24")),
        homes.subList(homes.size() - 2, homes.size()));
  }

  @Test
  void sourcesOfTheRunningJdkAreJavaFilesSplitNinetyFiveFive() {
    Optional<Path> archive =
        JdkSourceArchive.find(List.of(Path.of(System.getProperty("java.home"))));
    assumeTrue(archive.isPresent(), "this JDK has no lib/src.zip");
    Map<Split, Long> bytes = new EnumMap<>(Split.class);
    try (DocumentSet documents = ZipDocuments.open(archive.get(), path -> path.endsWith(".java"))) {
      for (Document document : documents.documents()) {
        assertTrue(document.path().endsWith(".java"));
        bytes.merge(SplitRule.byPath(document.path()), document.bytes(), Long::sum);
      }
      assertTrue(documents.bytes() > 10_000_000);
      assertEquals(0.90, bytes.get(Split.TRAIN) / (double) documents.bytes(), 0.03);
      assertEquals(0.05, bytes.get(Split.VALID) / (double) documents.bytes(), 0.02);
    }
  }
}
