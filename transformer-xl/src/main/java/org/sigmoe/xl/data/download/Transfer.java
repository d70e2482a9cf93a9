package org.sigmoe.xl.data.download;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.Storage;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.IoReason;
import org.sigmoe.xl.data.JsonFile;
import org.sigmoe.xl.data.Progress;

/**
 * Fills the {@code .part} of a file, in as many requests as it takes. A request that goes on names
 * by {@code If-Range} the version that the part is of: if the server has another by now, it sends
 * all of it, and the part begins again.
 */
final class Transfer {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PROGRESS_BYTES = 1 << 20;

  /** Left free for everything else on the disk. */
  private static final long RESERVE_BYTES = 64L << 20;

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /** The server is busy or broken; another attempt may do. */
  private static final int TOO_MANY_REQUESTS = 429;

  private static final int SERVER_ERROR = 500;

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d{1,18})-(\\d{1,18})|\\*)/(\\d{1,18}|\\*)");

  private final HttpClient client;
  private final RemoteFile remote;
  private final Path part;
  private final Downloads.Patience patience;
  private final Progress progress;
  private final String activity;

  Transfer(
      HttpClient client,
      RemoteFile remote,
      Path part,
      Downloads.Patience patience,
      Progress progress) {
    this.client = client;
    this.remote = remote;
    this.part = part;
    this.patience = patience;
    this.progress = progress;
    this.activity = "downloading " + remote.address();
  }

  /** The {@link PartialRecord} of a part. */
  static Path recordFile(Path part) {
    return Downloads.sibling(part, ".json");
  }

  /** An answer that another attempt will not better. */
  private static final class Refused extends Exception {
    Refused(String message) {
      super(message);
    }
  }

  /**
   * Returns once the part is whole.
   *
   * @throws DataException if it cannot be fetched
   * @throws IOException if it cannot be written
   */
  void run() throws IOException {
    int failures = 0;
    Duration pause = patience.pause();
    while (true) {
      long before = size();
      String reason;
      try {
        if (attempt()) {
          return;
        }
        reason = "the connection was closed early";
      } catch (Refused e) {
        throw failed(String.valueOf(e.getMessage()), e);
      } catch (ReadException e) {
        reason = IoReason.of(e.reason);
      }
      boolean advanced = size() > before;
      failures = advanced ? 1 : failures + 1;
      pause = advanced ? patience.pause() : pause;
      if (failures >= patience.attempts()) {
        throw failed(reason, null);
      }
      progress.note("%s: %s; trying again".formatted(activity, reason));
      sleep(pause);
      pause = pause.multipliedBy(2);
    }
  }

  private DataException failed(String reason, @Nullable Throwable cause) throws IOException {
    return new DataException(
        "%s cannot be downloaded: %s; %sor download it yourself and give it by --from"
            .formatted(
                remote.address(),
                reason,
                size() == 0
                    ? "try again later, "
                    : "given again, the command goes on after %,d bytes, ".formatted(size())),
        cause);
  }

  private long size() throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("the download was interrupted", e);
    }
  }

  /** The network failed, not the disk: both throw IOExceptions. */
  private static final class ReadException extends RuntimeException {
    private final IOException reason;

    ReadException(IOException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  /** One request; returns whether the part is whole. */
  private boolean attempt() throws IOException, Refused {
    PartialRecord known = known();
    long have = known == null ? 0 : size();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(remote.address())
            .timeout(patience.connect().plus(patience.silence()))
            .header("User-Agent", "sigmoe");
    if (have > 0 && known != null) {
      request.header("Range", "bytes=" + have + "-").header("If-Range", known.validator());
    }
    HttpResponse<InputStream> response = send(request.build());
    try (InputStream body = response.body()) {
      HttpHeaders headers = response.headers();
      switch (response.statusCode()) {
        case OK -> {
          OptionalLong length = headers.firstValueAsLong("Content-Length");
          begin(headers);
          return receive(body, 0, length);
        }
        case PARTIAL -> {
          Matcher range = contentRange(headers);
          if (range == null || range.group(1) == null || Long.parseLong(range.group(1)) != have) {
            forget();
            throw new Refused("the server sent another part of it than the one asked for");
          }
          return receive(body, have, total(range));
        }
        case RANGE_NOT_SATISFIABLE -> {
          // Nothing lies after what is here: it is whole, or the file has become shorter.
          Matcher range = contentRange(headers);
          if (range != null && total(range).equals(OptionalLong.of(have))) {
            return true;
          }
          forget();
          return false;
        }
        default -> {
          String answer = "the server answered with status " + response.statusCode();
          if (response.statusCode() == TOO_MANY_REQUESTS || response.statusCode() >= SERVER_ERROR) {
            throw new ReadException(new IOException(answer));
          }
          throw new Refused(answer);
        }
      }
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new ReadException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("the download was interrupted", e);
    }
  }

  private @Nullable PartialRecord known() throws IOException {
    if (!Files.exists(part) || !Files.exists(recordFile(part))) {
      return null;
    }
    PartialRecord known = JsonFile.read(recordFile(part), PartialRecord.class);
    boolean goesOn =
        known.address().equals(remote.address().toString()) && !known.validator().isEmpty();
    return goesOn ? known : null;
  }

  /** A new file: the part is emptied, and what version it will be of is kept first. */
  private void begin(HttpHeaders headers) throws IOException {
    forget();
    byte[] json =
        JsonFile.bytes(new PartialRecord(remote.address().toString(), validator(headers)));
    AtomicFile.write(
        Storage.disk(), recordFile(part), channel -> channel.write(ByteBuffer.wrap(json)));
  }

  private void forget() throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(recordFile(part));
  }

  /** A weak tag does not vouch for single bytes, so that only a strong one, or a date, will do. */
  private static String validator(HttpHeaders headers) {
    return headers
        .firstValue("ETag")
        .filter(tag -> !tag.startsWith("W/"))
        .or(() -> headers.firstValue("Last-Modified"))
        .orElse("");
  }

  private static @Nullable Matcher contentRange(HttpHeaders headers) {
    Matcher range = CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
    return range.matches() ? range : null;
  }

  private static OptionalLong total(Matcher range) {
    return range.group(3).equals("*")
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(range.group(3)));
  }

  /**
   * Appends what is sent.
   *
   * @param total bytes of the whole file, where the server told it
   * @return whether all of it is here
   */
  private boolean receive(InputStream body, long have, OptionalLong total)
      throws IOException, Refused {
    if (total.isPresent()) {
      Downloads.requireSize(remote, remote.bytes(), total.getAsLong());
    }
    OptionalLong known = total.isPresent() ? total : remote.bytes();
    long most = requireRoom(have, known);
    long done = have;
    long reported = 0;
    progress.update(activity, have, known.orElse(0));
    try (FileChannel out =
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
        SilenceGuard guard = new SilenceGuard(body, patience.silence())) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = read(guard, buffer); count >= 0; count = read(guard, buffer)) {
        done += count;
        if (done > most) {
          throw new Refused(
              "the server sent more than %,d bytes, %s"
                  .formatted(most, known.isPresent() ? "which the file has" : "which fit here"));
        }
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        if (done - reported >= PROGRESS_BYTES) {
          reported = done;
          progress.update(activity, done, Math.max(done, known.orElse(0)));
        }
      }
      out.force(true);
    }
    progress.update(activity, done, Math.max(done, known.orElse(0)));
    return known.isEmpty() || done == known.getAsLong();
  }

  private static int read(SilenceGuard guard, byte[] buffer) {
    try {
      return guard.read(buffer);
    } catch (IOException e) {
      throw new ReadException(e);
    }
  }

  /** How many bytes the part may come to have. */
  private long requireRoom(long have, OptionalLong total) {
    Path folder = part.toAbsolutePath().getParent();
    long room;
    try {
      room = folder == null ? Long.MAX_VALUE : Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      room = Long.MAX_VALUE; // the file system does not say; a full disk will
    }
    long most = have + Math.max(0, room - RESERVE_BYTES);
    if (total.isPresent() && total.getAsLong() > most) {
      throw new DataException(
          ("%s has %,d bytes, and the disk of %s has %,d free; free some, or set XDG_CACHE_HOME to a"
                  + " folder on another disk")
              .formatted(remote.address(), total.getAsLong(), folder, room));
    }
    return total.orElse(most);
  }
}
