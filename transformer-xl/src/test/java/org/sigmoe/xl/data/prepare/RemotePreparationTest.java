package org.sigmoe.xl.data.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.xl.data.DatasetManifest.SourceEntry;
import org.sigmoe.xl.data.PreparedData;
import org.sigmoe.xl.data.Progress;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.data.download.Downloads;
import org.sigmoe.xl.data.download.RemoteFile;
import org.sigmoe.xl.tokenizer.SymbolTokenizer;
import org.sigmoe.xl.tokenizer.SymbolTokenizer.Symbols;

/** Prepares data of which each file is fetched from a server on this machine. */
class RemotePreparationTest {
  @TempDir private Path folder;

  private final List<String> fetched = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** A shard of 10 documents of 5 bytes. */
  private void answer(HttpExchange exchange) throws IOException {
    fetched.add(exchange.getRequestURI().getPath());
    byte[] shard = "{\"text\":\"abcde\"}\n".repeat(10).getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(200, shard.length);
      exchange.getResponseBody().write(shard);
    }
  }

  private String address(int shard) {
    return "http://127.0.0.1:%d/%d.jsonl".formatted(server.getAddress().getPort(), shard);
  }

  @Test
  void shardsAreFetchedOnceAndOnlyUpToTheLimit() throws IOException {
    try (Downloads downloads =
        new Downloads(folder.resolve("cache"), Downloads.Patience.DEFAULT, Progress.NONE)) {
      List<Portion> shards =
          IntStream.range(0, 1000)
              .mapToObj(i -> Portion.of(new Shard.Remote(RemoteFile.at(address(i)), downloads)))
              .toList();
      DatasetPlan plan =
          new DatasetPlan(
              "made",
              List.of(
                  SplitText.of(Split.TRAIN, shards).within(TokenWindow.first(103)),
                  SplitText.of(Split.VALID, shards.subList(0, 1))),
              new TokenizerChoice.Given(tokenizer()),
              new DocumentReading("text", "."),
              DatasetPlan.Characters.CODE_POINTS,
              Map.of());

      PreparedData data = new Preparation(plan, folder.resolve("out"), Progress.NONE).run();

      // A document has 6 tokens with its separator: 17 of them, of two shards, have 102.
      assertEquals(102, data.headers().get(Split.TRAIN).text().tokens());
      assertEquals(17 * 5, data.headers().get(Split.TRAIN).text().bytes());
      assertEquals(
          List.of(address(0), address(1)),
          data.manifest().sources().stream().map(SourceEntry::name).toList());
      assertEquals(List.of("/0.jsonl", "/1.jsonl"), fetched);
    }
  }

  /** A given tokenizer: one that is made of the texts would read all of them. */
  private Path tokenizer() throws IOException {
    SymbolTokenizer.Collector seen = new SymbolTokenizer.Collector(Symbols.BYTES);
    byte[] bytes = "abcde.".getBytes(StandardCharsets.UTF_8);
    seen.add(bytes, 0, bytes.length);
    return Files.write(folder.resolve("own.json"), seen.tokenizer().toJson());
  }
}
