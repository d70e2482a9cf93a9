package org.sigmoe.xl.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.sigmoe.xl.data.TextCacheManifest.Part;

/**
 * Keeps the joined texts of directories and archives as files that can be mapped.
 *
 * <p>Each state of a source has a folder, {@code corpora/SOURCE/LISTING}, where SOURCE is a hash of
 * its path and of how it is parted, and LISTING its {@link DocumentSet#listing}. The folder is
 * filled under another name and then renamed, so it is whole or not there, whatever fails and
 * however many processes make it at once; folders of earlier states of the source are then removed.
 * Before it is used again its sizes and checksums are compared with its manifest, and it is made
 * again if they differ.
 */
final class TextCache {

  /** Above this, checksums would delay every start by more than a second: sizes must do. */
  private static final long CHECKED_BYTES = 1L << 30;

  private final Path folder;
  private final Progress progress;
  private final DiskSpace diskSpace;

  /** A cache in a folder, which need not exist yet. */
  TextCache(Path folder, Progress progress, DiskSpace diskSpace) {
    this.folder = folder.toAbsolutePath();
    this.progress = progress;
    this.diskSpace = diskSpace;
  }

  /**
   * The documents joined by part, from the cache or made now.
   *
   * @throws DataException if the documents cannot be read or the cache cannot be written
   */
  JoinedText prepare(DocumentSet documents, Partition partition) {
    String listing = documents.listing();
    Path source = folder.resolve("corpora").resolve(sourceKey(documents.origin(), partition));
    JoinedText ready = new JoinedText(source.resolve(listing));
    try {
      if (!isSound(ready, listing, partition)) {
        make(documents, partition, source, ready);
        StaleFolders.removeOthers(source, ready.folder());
      }
    } catch (IOException e) {
      throw new DataException(
          "the text of %s cannot be kept in %s: %s; set XDG_CACHE_HOME to a folder for it"
              .formatted(documents.origin(), folder, IoReason.of(e)),
          e);
    }
    return ready;
  }

  private static String sourceKey(Path origin, Partition partition) {
    MessageDigest digest = Hashes.sha256();
    digest.update((partition.name() + '\0' + origin).getBytes(StandardCharsets.UTF_8));
    return Hashes.shortHex(digest);
  }

  /** Whether the folder can be used; one that is there but damaged is removed. */
  private boolean isSound(JoinedText ready, String listing, Partition partition)
      throws IOException {
    if (!Files.isDirectory(ready.folder())) {
      return false;
    }
    Optional<String> damage = damage(ready, listing, partition);
    if (damage.isPresent()) {
      progress.note(
          "The kept text in "
              + ready.folder()
              + " is damaged ("
              + damage.get()
              + "); making it again.");
      StaleFolders.remove(ready.folder());
    }
    return damage.isEmpty();
  }

  private Optional<String> damage(JoinedText ready, String listing, Partition partition) {
    try {
      TextCacheManifest manifest = TextCacheManifest.read(ready.manifest());
      List<String> names = manifest.parts().stream().map(Part::name).toList();
      if (manifest.format() != TextCacheManifest.FORMAT
          || !manifest.listing().equals(listing)
          || !names.equals(partition.parts())) {
        return Optional.of("its manifest does not describe this source");
      }
      long total = manifest.parts().stream().mapToLong(Part::bytes).sum();
      for (Part part : manifest.parts()) {
        Path file = ready.part(part.name());
        Optional<String> damage = PartCheck.size(file, part);
        if (damage.isEmpty() && total <= CHECKED_BYTES) {
          damage = PartCheck.checksum(file, part);
        }
        if (damage.isPresent()) {
          return damage;
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(IoReason.of(e));
    }
  }

  private void make(DocumentSet documents, Partition partition, Path source, JoinedText ready)
      throws IOException {
    Files.createDirectories(source);
    StaleFolders.removeAbandoned(source);
    diskSpace.require(source, documents);
    JoinedText unfinished =
        new JoinedText(Files.createTempDirectory(source, StaleFolders.UNFINISHED));
    try {
      List<Part> parts;
      try (DocumentJoiner joiner = new DocumentJoiner(unfinished, partition, progress)) {
        parts = joiner.join(documents, partition);
      }
      TextCacheManifest manifest =
          new TextCacheManifest(
              TextCacheManifest.FORMAT,
              documents.origin().toString(),
              documents.listing(),
              documents.documents().size(),
              parts);
      Files.write(unfinished.manifest(), manifest.toJson());
      publish(unfinished, ready, manifest.listing(), partition);
    } finally {
      StaleFolders.remove(unfinished.folder());
    }
  }

  private void publish(JoinedText unfinished, JoinedText ready, String listing, Partition partition)
      throws IOException {
    try {
      Files.move(unfinished.folder(), ready.folder(), StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(ready.folder())) {
        throw e;
      }
      // Another process was faster; what it made from the same listing is the same.
      if (!isSound(ready, listing, partition)) {
        Files.move(unfinished.folder(), ready.folder(), StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }
}
