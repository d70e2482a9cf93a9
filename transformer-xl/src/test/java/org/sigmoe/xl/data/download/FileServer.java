package org.sigmoe.xl.data.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of one file on this machine, which can misbehave. */
final class FileServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** The {@code Range} of each request, or an empty text. */
  final List<String> ranges = new ArrayList<>();

  byte[] content;
  String etag = "\"one\"";

  /** After how many bytes of each answer the connection is closed. */
  int cutAfter = Integer.MAX_VALUE;

  /** How many answers are cut. */
  int cuts = Integer.MAX_VALUE;

  /** How many answers of status 503 come first. */
  int busy;

  /** Milliseconds of silence after half of an answer. */
  long silence;

  /** Whether it tells how long the file is. */
  Length length = Length.TOLD;

  enum Length {
    TOLD,
    NOT_TOLD
  }

  FileServer(byte[] content) throws IOException {
    this.content = content;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/file", this::serve);
    server.createContext("/moved", this::move);
    server.createContext("/gone", exchange -> answer(exchange, 404));
    server.createContext("/loop", exchange -> redirect(exchange, "/loop"));
    server.setExecutor(threads);
    server.start();
  }

  RemoteFile file(String path) {
    URI address =
        URI.create("http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), path));
    return RemoteFile.at(address.toString()).named("local");
  }

  private void move(HttpExchange exchange) throws IOException {
    redirect(exchange, "/file");
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    answer(exchange, 302);
  }

  private static void answer(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private synchronized void serve(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(range == null ? "" : range);
    if (busy > 0) {
      busy--;
      answer(exchange, 503);
      return;
    }
    if (!etag.isEmpty()) {
      exchange.getResponseHeaders().set("ETag", etag);
    }
    int start = 0;
    int status = 200;
    if (range != null && etag.equals(exchange.getRequestHeaders().getFirst("If-Range"))) {
      start = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      if (start >= content.length) {
        exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
        answer(exchange, 416);
        return;
      }
      status = 206;
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
    }
    int count = content.length - start;
    exchange.sendResponseHeaders(status, length == Length.TOLD ? count : 0);
    OutputStream body = exchange.getResponseBody();
    boolean cut = count > cutAfter && cuts > 0;
    if (cut) {
      cuts--;
      body.write(content, start, cutAfter);
      body.flush();
      exchange.close();
      throw new IOException("cut");
    }
    body.write(content, start, count / 2);
    body.flush();
    pause();
    body.write(content, start + count / 2, count - count / 2);
    exchange.close();
  }

  private void pause() {
    try {
      Thread.sleep(silence);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
