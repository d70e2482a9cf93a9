package org.sigmoe.xl.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Opens the corpus of a {@link CorpusSource}: finds, lists, joins, splits and maps its text. */
final class CorpusOpener {

  private final CorpusOptions options;
  private final TextCache cache;

  CorpusOpener(CorpusOptions options, DiskSpace diskSpace) {
    this.options = options;
    this.cache = new TextCache(options.cache(), options.progress(), diskSpace);
  }

  /** See {@link Corpus#open}. */
  Corpus open(CorpusSource source) {
    Arena arena = Arena.ofShared();
    try {
      return switch (source) {
        case CorpusSource.JdkSources() -> jdkSources(arena);
        case CorpusSource.Automatic(Path data) -> automatic(data, arena);
        case CorpusSource.Given given -> given(given, arena);
        case CorpusSource.Prepared(Path folder) -> prepared(folder, arena);
        case CorpusSource.TestOnly(Path text) ->
            DatasetManifest.isIn(text)
                ? testOfPrepared(text, arena)
                : new Corpus(
                    text.toString(), Map.of(Split.TEST, whole(text, "--data", arena)), arena);
      };
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private Corpus jdkSources(Arena arena) {
    Path archive =
        JdkSourceArchive.find(options.javaHomes())
            .orElseThrow(() -> new DataException(noJdkSources()));
    try (DocumentSet documents = ZipDocuments.open(archive, path -> path.endsWith(".java"))) {
      return splitDocuments(documents, arena);
    }
  }

  private String noJdkSources() {
    String running = options.javaHomes().isEmpty() ? "" : " " + options.javaHomes().getFirst();
    return ("there is no text to learn from: the running JDK%s has no lib/src.zip, nor has any"
            + " other JDK found here; give your own text with --data FILE-OR-DIRECTORY, or"
            + " install a JDK with its sources (Temurin has them, Debian and Ubuntu in"
            + " openjdk-25-source)")
        .formatted(running);
  }

  private Corpus automatic(Path data, Arena arena) {
    return switch (TextKind.of(data, "--data")) {
      case FILE -> splitByPosition(MappedBytes.map(data, data.toString(), arena), arena);
      case DIRECTORY, ARCHIVE -> {
        try (DocumentSet documents = documents(data)) {
          yield splitDocuments(documents, arena);
        }
      }
    };
  }

  private Corpus given(CorpusSource.Given given, Arena arena) {
    requireDifferent(given.train(), given.valid(), "--data and --valid");
    requireDifferent(given.train(), given.test(), "--data and --test");
    requireDifferent(given.valid(), given.test(), "--valid and --test");
    Map<Split, MappedBytes> splits = new EnumMap<>(Split.class);
    splits.put(Split.TRAIN, whole(given.train(), "--data", arena));
    splits.put(Split.VALID, whole(given.valid(), "--valid", arena));
    if (given.test() != null) {
      splits.put(Split.TEST, whole(given.test(), "--test", arena));
    }
    return new Corpus(given.train().toString(), splits, arena);
  }

  private static void requireDifferent(Path one, @Nullable Path other, String optionNames) {
    try {
      if (other != null && Files.isSameFile(one, other)) {
        throw new DataException(
            optionNames + " are the same, " + one + "; a held-out text must not be learned from");
      }
    } catch (IOException e) {
      // One of them does not exist or cannot be reached: opening it says so.
    }
  }

  private static Corpus prepared(Path folder, Arena arena) {
    PreparedData data = PreparedData.open(folder);
    Map<Split, TokenFile> splits = new EnumMap<>(Split.class);
    data.headers().keySet().forEach(split -> splits.put(split, data.map(split, arena)));
    return Corpus.of(data, splits, arena);
  }

  private static Corpus testOfPrepared(Path folder, Arena arena) {
    PreparedData data = PreparedData.open(folder);
    Split heldOut = data.headers().containsKey(Split.TEST) ? Split.TEST : Split.VALID;
    if (!data.headers().containsKey(heldOut)) {
      throw new DataException(folder + " has neither a test nor a valid split");
    }
    return Corpus.of(data, Map.of(Split.TEST, data.map(heldOut, arena)), arena);
  }

  private MappedBytes whole(Path data, String option, Arena arena) {
    return switch (TextKind.of(data, option)) {
      case FILE -> MappedBytes.map(data, data.toString(), arena);
      case DIRECTORY, ARCHIVE -> {
        try (DocumentSet documents = documents(data)) {
          yield mapWhole(documents, arena);
        }
      }
    };
  }

  private static DocumentSet documents(Path data) {
    Predicate<String> all = path -> true;
    return Files.isDirectory(data) ? DirectoryDocuments.list(data) : ZipDocuments.open(data, all);
  }

  private MappedBytes mapWhole(DocumentSet documents, Arena arena) {
    Path file = cache.prepare(documents, Partition.WHOLE).part(Partition.WHOLE.parts().getFirst());
    return MappedBytes.map(file, documents.origin().toString(), arena);
  }

  private Corpus splitByPosition(MappedBytes whole, Arena arena) {
    if (whole.length() < SplitRule.FEWEST_BYTES) {
      throw new DataException(
          ("%s has %d bytes, too few to hold out 5%% each for valid and test (%d are needed, and"
                  + " many more for a batch); give more text, or held-out files with --valid and"
                  + " --test")
              .formatted(whole.description(), whole.length(), SplitRule.FEWEST_BYTES));
    }
    Map<Split, MappedBytes> splits = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      long start = SplitRule.start(split, whole.length());
      long end = SplitRule.end(split, whole.length());
      splits.put(split, whole.slice(describe(split, whole.description()), start, end));
    }
    return new Corpus(whole.description(), splits, arena);
  }

  private Corpus splitDocuments(DocumentSet documents, Arena arena) {
    if (documents.documents().size() == 1) {
      return splitByPosition(mapWhole(documents, arena), arena);
    }
    requireTextInEverySplit(documents);
    JoinedText joined = cache.prepare(documents, Partition.BY_PATH);
    Map<Split, MappedBytes> splits = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      String description = describe(split, documents.origin().toString());
      splits.put(split, MappedBytes.map(joined.part(split.label()), description, arena));
    }
    return new Corpus(documents.origin().toString(), splits, arena);
  }

  private static void requireTextInEverySplit(DocumentSet documents) {
    Map<Split, Integer> counts = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      counts.put(split, 0);
    }
    for (Document document : documents.documents()) {
      counts.merge(SplitRule.byPath(document.path()), 1, Integer::sum);
    }
    if (counts.containsValue(0)) {
      throw new DataException(
          ("%s holds only %d texts; split by their paths, %d fall to train, %d to valid and %d to"
                  + " test, and none may be empty; give held-out texts with --valid and --test, or"
                  + " join all texts into one file, which is split by position")
              .formatted(
                  documents.origin(),
                  documents.documents().size(),
                  counts.get(Split.TRAIN),
                  counts.get(Split.VALID),
                  counts.get(Split.TEST)));
    }
  }

  private static String describe(Split split, String origin) {
    return "the " + split.label() + " split of " + origin;
  }
}
