package org.sigmoe.xl.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;

/**
 * The documents of a directory or archive, in the order of a hash of their paths: as good as
 * shuffled, and the same every time. In the order of the paths, a batch that reads a few places of
 * a corpus would see a few packages or authors only.
 */
public final class DocumentSet implements AutoCloseable {

  private final Path origin;
  private final List<Document> documents;
  private final Closeable onClose;

  /** A document and the hash that places it; equal hashes are told apart by path. */
  private record Keyed(long hash, Document document) implements Comparable<Keyed> {
    @Override
    public int compareTo(Keyed other) {
      int byHash = Long.compareUnsigned(hash, other.hash);
      return byHash != 0 ? byHash : document.path().compareTo(other.document.path());
    }
  }

  /**
   * A set of documents.
   *
   * @param origin the directory or archive
   * @param onClose what the documents need to be open
   * @throws DataException if two documents have the same path, which would make the order, and with
   *     it the corpus, depend on chance
   */
  DocumentSet(Path origin, List<? extends Document> documents, Closeable onClose) {
    this.origin = origin;
    this.documents =
        documents.stream()
            .map(document -> new Keyed(SplitRule.hash(document.path()), document))
            .sorted(Comparator.naturalOrder())
            .map(Keyed::document)
            .toList();
    this.onClose = onClose;
    for (int i = 1; i < this.documents.size(); i++) {
      String path = this.documents.get(i).path();
      if (path.equals(this.documents.get(i - 1).path())) {
        throw new DataException(
            origin + " holds two texts named " + Quoted.of(path) + "; remove or rename one");
      }
    }
  }

  /** The directory or archive. */
  public Path origin() {
    return origin;
  }

  /** The documents, ordered by a hash of their paths. */
  public List<Document> documents() {
    return documents;
  }

  /** The declared sizes, added up. */
  long bytes() {
    try {
      return documents.stream().mapToLong(Document::bytes).reduce(0, Math::addExact);
    } catch (ArithmeticException e) {
      throw new DataException(
          origin + " declares more bytes than any disk holds; it is damaged", e);
    }
  }

  /** A short name for the list of paths, sizes and stamps: the same texts give the same name. */
  String listing() {
    MessageDigest digest = Hashes.sha256();
    for (Document document : documents) {
      String line = document.path() + '\0' + document.bytes() + '\0' + document.stamp() + '\n';
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return Hashes.shortHex(digest);
  }

  @Override
  public void close() {
    try {
      onClose.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + origin, e);
    }
  }
}
