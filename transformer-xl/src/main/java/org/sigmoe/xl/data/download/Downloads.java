package org.sigmoe.xl.data.download;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.FileDigest;
import org.sigmoe.nn.checkpoint.Storage;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.FolderLock;
import org.sigmoe.xl.data.IoReason;
import org.sigmoe.xl.data.JsonFile;
import org.sigmoe.xl.data.Progress;

/**
 * A folder of files that were fetched from public addresses.
 *
 * <pre>{@code
 * try (Downloads downloads = new Downloads(folder, Patience.DEFAULT, progress)) {
 *   Path file = downloads.fetch(RemoteFile.at("https://example.org/book.txt"));
 * }
 * }</pre>
 *
 * <p>A file that has arrived is not fetched again. An interrupted transfer leaves {@code
 * NAME.part}, with which the next goes on, if the server still has the same file.
 */
public final class Downloads implements AutoCloseable {
  private final Path folder;
  private final Patience patience;
  private final Progress progress;
  private final HttpClient client;

  /**
   * Downloads into a folder, which is made when needed.
   *
   * @param patience how long to wait, and how often to try
   * @param progress hears how far it is
   */
  public Downloads(Path folder, Patience patience, Progress progress) {
    this.folder = folder.toAbsolutePath();
    this.patience = patience;
    this.progress = progress;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(patience.connect())
            .build();
  }

  /**
   * How long to wait for a server.
   *
   * @param connect until it answers
   * @param silence between two pieces of a file
   * @param attempts that may fail, one after the other, without a byte in between
   * @param pause before the second attempt; before each later one twice as long
   */
  public record Patience(Duration connect, Duration silence, int attempts, Duration pause) {

    /** 30 seconds for an answer, a minute of silence, five attempts. */
    public static final Patience DEFAULT =
        new Patience(Duration.ofSeconds(30), Duration.ofMinutes(1), 5, Duration.ofSeconds(2));
  }

  /**
   * The file, from the folder or fetched now.
   *
   * @throws DataException if it cannot be fetched, if what arrives is not what was expected or what
   *     arrived the first time, or if there is no room for it
   */
  public Path fetch(RemoteFile remote) {
    Path file = folder.resolve(remote.name());
    try {
      Files.createDirectories(folder);
      try (FolderLock _ =
          FolderLock.take(sibling(file, ".lock"), "downloading " + remote.address())) {
        if (!isHere(remote, file)) {
          download(remote, file);
        }
        return file;
      }
    } catch (IOException e) {
      throw new DataException(
          "%s cannot be written to %s: %s; XDG_CACHE_HOME names another folder"
              .formatted(remote.address(), folder, IoReason.of(e)),
          e);
    }
  }

  /** The record stays when a file is deleted; a file that is not its own is fetched again. */
  private boolean isHere(RemoteFile remote, Path file) throws IOException {
    Path recordFile = sibling(file, ".json");
    if (!Files.exists(file) || !Files.exists(recordFile)) {
      return false;
    }
    DownloadRecord known = JsonFile.read(recordFile, DownloadRecord.class);
    if (Files.size(file) != known.bytes() || !FileDigest.of(file).sha256().equals(known.sha256())) {
      progress.note(file + " is no longer what was downloaded; downloading it again.");
      return false;
    }
    return known.address().equals(remote.address().toString());
  }

  private void download(RemoteFile remote, Path file) throws IOException {
    Path part = sibling(file, ".part");
    new Transfer(client, remote, part, patience, progress).run();
    try {
      accept(remote, file, part);
    } catch (DataException e) {
      // What is wrong would only be wrong again if the next transfer went on with it.
      Files.deleteIfExists(part);
      throw e;
    }
    Files.deleteIfExists(Transfer.recordFile(part));
  }

  private void accept(RemoteFile remote, Path file, Path part) throws IOException {
    FileDigest digest = FileDigest.of(part);
    requireSize(remote, remote.bytes(), digest.size());
    if (remote.checksum().isPresent()) {
      Checksum expected = remote.checksum().get();
      Checksum found = expected.of(part);
      if (!found.equals(expected)) {
        throw new DataException(
            ("%s is not the file that is meant: its %s should be %s; if its publisher has changed"
                    + " it, download it yourself and give it by --from")
                .formatted(remote.address(), found, expected.hex()));
      }
    }
    Path recordFile = sibling(file, ".json");
    DownloadRecord arrived =
        new DownloadRecord(remote.address().toString(), digest.size(), digest.sha256());
    if (Files.exists(recordFile)) {
      DownloadRecord first = JsonFile.read(recordFile, DownloadRecord.class);
      if (first.address().equals(arrived.address()) && !first.equals(arrived)) {
        throw new DataException(
            ("%s is not what it was when it was first downloaded (%,d bytes, SHA-256 %s; now %,d"
                    + " bytes, %s); if that is meant, delete %s")
                .formatted(
                    remote.address(),
                    first.bytes(),
                    first.sha256(),
                    arrived.bytes(),
                    arrived.sha256(),
                    recordFile));
      }
    }
    byte[] json = JsonFile.bytes(arrived);
    AtomicFile.write(Storage.disk(), recordFile, channel -> channel.write(ByteBuffer.wrap(json)));
    Storage.disk().rename(part, file);
  }

  static void requireSize(RemoteFile remote, OptionalLong expected, long bytes) {
    if (expected.isPresent() && expected.getAsLong() != bytes) {
      throw new DataException(
          "%s has %,d bytes, and the file that is meant has %,d"
              .formatted(remote.address(), bytes, expected.getAsLong()));
    }
  }

  static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  @Override
  public void close() {
    client.close();
  }
}
