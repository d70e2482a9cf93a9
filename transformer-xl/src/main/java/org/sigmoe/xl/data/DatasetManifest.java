package org.sigmoe.xl.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a prepared data set is and where it came from; kept in its folder as {@code dataset.json},
 * which is written last: without it the folder is not finished.
 *
 * @param format {@link #FORMAT}
 * @param version {@link #VERSION}
 * @param name what the data set is called, for example {@code enwik8}
 * @param tokenizer what the tokens are
 * @param splits the files of tokens
 * @param sources what was tokenized
 * @param settings what else decided the tokens
 */
public record DatasetManifest(
    String format,
    int version,
    String name,
    TokenizerEntry tokenizer,
    List<SplitEntry> splits,
    List<SourceEntry> sources,
    Map<String, String> settings) {

  /** By which a {@code dataset.json} is known to be ours. */
  public static final String FORMAT = "sigmoe-dataset";

  /** Raise it when the meaning of the files changes. */
  public static final int VERSION = 1;

  private static final String FILE = "dataset.json";

  /** Copies lists and settings. */
  public DatasetManifest {
    splits = List.copyOf(splits);
    sources = List.copyOf(sources);
    settings = new TreeMap<>(settings);
  }

  /** A manifest of this format and version. */
  public static DatasetManifest of(
      String name,
      TokenizerEntry tokenizer,
      List<SplitEntry> splits,
      List<SourceEntry> sources,
      Map<String, String> settings) {
    return new DatasetManifest(FORMAT, VERSION, name, tokenizer, splits, sources, settings);
  }

  /**
   * The tokenizer.
   *
   * @param file its file in the folder
   * @param name {@link org.sigmoe.xl.tokenizer.Tokenizer#name}
   * @param vocabulary V
   * @param sha256 of the file
   */
  public record TokenizerEntry(String file, String name, int vocabulary, String sha256) {}

  /**
   * A split.
   *
   * @param name {@link Split#label}
   * @param tokens how many there are
   * @param sha256 of the tokens, as in the header of their file
   */
  public record SplitEntry(String name, long tokens, String sha256) {}

  /**
   * A file or folder of texts.
   *
   * @param name where it lay, or the address it is from
   * @param files how many
   * @param bytes how many in all
   * @param sha256 of the file; of a folder or archive, of all texts in it one after the other
   */
  public record SourceEntry(String name, long files, long bytes, String sha256) {}

  /** Where it lies in a folder. */
  public static Path file(Path folder) {
    return folder.resolve(FILE);
  }

  /** The file of a split in a folder. */
  public static Path tokens(Path folder, Split split) {
    return folder.resolve(split.label() + ".tokens");
  }

  /**
   * Whether a folder says of itself that it is a prepared data set. A {@code dataset.json} of
   * another program's making is none.
   */
  public static boolean isIn(Path folder) {
    if (!Files.isRegularFile(file(folder))) {
      return false;
    }
    try {
      JsonNode root = JsonFile.read(file(folder));
      return FORMAT.equals(root.path("format").textValue());
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Reads it.
   *
   * @throws DataException if there is none, or it cannot be read, or is of another version
   */
  public static DatasetManifest read(Path folder) {
    Path file = file(folder);
    try {
      int version = JsonFile.read(file).path("version").asInt();
      if (version != VERSION) {
        throw new DataException(
            "%s is of version %d, and this program reads version %d; prepare it again"
                .formatted(file, version, VERSION));
      }
      return JsonFile.read(file, DatasetManifest.class);
    } catch (IOException e) {
      throw new DataException(
          "%s cannot be read: %s; prepare it again with `sigmoe data`"
              .formatted(file, IoReason.of(e)),
          e);
    }
  }
}
