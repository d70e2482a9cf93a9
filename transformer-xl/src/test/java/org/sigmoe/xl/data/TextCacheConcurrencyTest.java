package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several makers of the same cache at once. */
@Timeout(60)
class TextCacheConcurrencyTest {

  private static final int MAKERS = 4;

  @TempDir Path folder;

  @Test
  void threadsThatMakeTheSameCacheAtOnceAllGetIt() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(MAKERS)) {
      for (int round = 0; round < 10; round++) {
        Path source = source("source" + round);
        CyclicBarrier together = new CyclicBarrier(MAKERS);
        Callable<String> maker =
            () -> {
              together.await();
              return open(source, folder.resolve("cache"));
            };
        Set<String> fingerprints = new HashSet<>();
        for (Future<String> result : threads.invokeAll(List.of(maker, maker, maker, maker))) {
          fingerprints.add(result.get());
        }
        assertEquals(1, fingerprints.size());
      }
    }
    assertOnlyWholeFolders(10);
  }

  @Test
  void processesThatMakeTheSameCacheAtOnceAllGetIt() throws Exception {
    Path source = source("source");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < MAKERS - 1; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  TextCacheConcurrencyTest.class.getName(),
                  source.toString(),
                  folder.resolve("cache").toString())
              .redirectErrorStream(true)
              .start());
    }
    Set<String> outputs = new HashSet<>();
    for (Process process : processes) {
      outputs.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      assertEquals(0, process.waitFor(), outputs::toString);
    }
    assertEquals(Set.of(open(source, folder.resolve("cache"))), outputs);
    assertOnlyWholeFolders(1);
  }

  /** One of the processes: opens the corpus and prints its fingerprint. */
  public static void main(String[] arguments) {
    System.out.print(open(Path.of(arguments[0]), Path.of(arguments[1])));
  }

  private static String open(Path source, Path cache) {
    CorpusOptions options = CorpusOptions.defaults().withCache(cache);
    try (Corpus corpus = Corpus.open(new CorpusSource.Automatic(source), options)) {
      return corpus.fingerprint();
    }
  }

  private Path source(String name) throws IOException {
    Path source = folder.resolve(name);
    for (int i = 0; i < 60; i++) {
      TestFiles.write(source.resolve("f" + i + ".txt"), ("text " + i).repeat(2_000));
    }
    return source;
  }

  private void assertOnlyWholeFolders(int expected) {
    Set<String> tree = TestFiles.tree(folder.resolve("cache"));
    assertEquals(expected, tree.stream().filter(p -> p.endsWith("/manifest.json")).count());
    assertTrue(tree.stream().noneMatch(p -> p.contains(".unfinished")), tree::toString);
  }
}
