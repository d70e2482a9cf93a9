package org.sigmoe.xl.data;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * A folder that {@code sigmoe data} made: a {@link TokenFile} for each split, the tokenizer, and a
 * {@link DatasetManifest}.
 *
 * @param folder where it lies
 * @param manifest what it says it is
 * @param tokenizer what its tokens are
 * @param headers of its files of tokens
 */
public record PreparedData(
    Path folder,
    DatasetManifest manifest,
    StoredTokenizer tokenizer,
    Map<Split, TokenFileHeader> headers) {

  /**
   * Opens a folder. Manifest, tokenizer and headers are compared with each other, and the sizes of
   * the files with their headers; for the tokens themselves, {@link #verify}.
   *
   * @throws DataException if something is missing, damaged, or of another data set
   */
  public static PreparedData open(Path folder) {
    DatasetManifest manifest = DatasetManifest.read(folder);
    DatasetManifest.TokenizerEntry entry = manifest.tokenizer();
    Path tokenizerFile = child(folder, entry.file());
    StoredTokenizer tokenizer = StoredTokenizer.open(tokenizerFile);
    require(
        tokenizer.digest().sha256().equals(entry.sha256())
            && tokenizer.tokenizer().vocabularySize() == entry.vocabulary(),
        tokenizerFile,
        "is not the tokenizer that the data was prepared with");
    Map<Split, TokenFileHeader> headers = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      for (DatasetManifest.SplitEntry described : manifest.splits()) {
        if (described.name().equals(split.label())) {
          Path file = DatasetManifest.tokens(folder, split);
          TokenFileHeader header = TokenFile.header(file);
          require(
              header.sha256().equals(described.sha256())
                  && header.text().tokens() == described.tokens()
                  && header.tokenizer().equals(entry.sha256())
                  && header.vocabulary() == entry.vocabulary(),
              file,
              "is not the file that dataset.json speaks of");
          headers.put(split, header);
        }
      }
    }
    return new PreparedData(folder, manifest, tokenizer, headers);
  }

  /** A file of the folder itself: a manifest cannot lead out of it. */
  private static Path child(Path folder, String name) {
    Path child = folder.resolve(name).normalize();
    require(
        child.getNameCount() == folder.normalize().getNameCount() + 1
            && child.startsWith(folder.normalize())
            && Files.isRegularFile(child),
        DatasetManifest.file(folder),
        "names a tokenizer that is not in its folder, " + Quoted.of(name));
    return child;
  }

  private static void require(boolean holds, Path file, String otherwise) {
    if (!holds) {
      throw new DataException(
          file + " " + otherwise + "; prepare the data again with `sigmoe data`");
    }
  }

  /**
   * Reads all tokens and compares them with what was written.
   *
   * @throws DataException if they differ
   */
  public void verify(Progress progress) {
    headers.keySet().forEach(split -> TokenFile.verify(file(split), progress));
  }

  /** The file of a split. */
  public Path file(Split split) {
    return DatasetManifest.tokens(folder, split);
  }

  /** Maps a split. */
  TokenFile map(Split split, Arena arena) {
    return TokenFile.map(file(split), "the %s split of %s".formatted(split.label(), folder), arena);
  }
}
