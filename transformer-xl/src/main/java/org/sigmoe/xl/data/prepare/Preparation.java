package org.sigmoe.xl.data.prepare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.Storage;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.DatasetManifest;
import org.sigmoe.xl.data.DatasetManifest.SourceEntry;
import org.sigmoe.xl.data.DatasetManifest.SplitEntry;
import org.sigmoe.xl.data.DatasetManifest.TokenizerEntry;
import org.sigmoe.xl.data.FolderLock;
import org.sigmoe.xl.data.IoReason;
import org.sigmoe.xl.data.JsonFile;
import org.sigmoe.xl.data.PreparedData;
import org.sigmoe.xl.data.Progress;
import org.sigmoe.xl.data.StoredTokenizer;
import org.sigmoe.xl.data.TextCounts;
import org.sigmoe.xl.data.TokenFile;
import org.sigmoe.xl.data.TokenFileHeader;
import org.sigmoe.xl.data.TokenFileWriter;
import org.sigmoe.xl.tokenizer.TokenizerException;

/**
 * Carries out a {@link DatasetPlan}.
 *
 * <pre>{@code
 * PreparedData data = new Preparation(plan, Path.of("data/enwik8"), progress).run();
 * }</pre>
 *
 * <p>Every file is written whole or not at all, {@code dataset.json} last. A preparation that was
 * interrupted goes on with the file that was not finished: {@code preparing.json} says of what plan
 * those are that were.
 */
public final class Preparation {
  private static final String UNFINISHED = "preparing.json";
  private static final String LOCK = "preparing.lock";
  private static final String PLAN = "plan";

  private final DatasetPlan plan;
  private final String key;
  private final Path folder;
  private final Progress progress;
  private final Set<Shard> read = new LinkedHashSet<>();

  /**
   * A preparation.
   *
   * @param folder where the data set goes; made if there is none
   * @throws DataException if a source of the plan is not there
   */
  public Preparation(DatasetPlan plan, Path folder, Progress progress) {
    this.plan = plan;
    this.key = plan.key();
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * What is known of the finished files of a folder.
   *
   * @param plan {@link DatasetPlan#key}
   * @param settings of the plan, for people to read
   * @param read the shards that they were made of
   */
  private record Unfinished(String plan, Map<String, String> settings, List<String> read) {}

  /**
   * Makes the data set, or what is left to make of it.
   *
   * @throws DataException if texts cannot be read, fetched or encoded, or if the folder holds
   *     something else or cannot be written
   */
  public PreparedData run() {
    try {
      Files.createDirectories(folder);
      try (FolderLock _ = FolderLock.take(folder.resolve(LOCK), "preparing data in " + folder)) {
        if (DatasetManifest.isIn(folder)) {
          return existing();
        }
        requireOwn();
        StoredTokenizer tokenizer = tokenizer();
        List<SplitEntry> splits = new ArrayList<>();
        for (SplitText split : plan.splits()) {
          TokenFileHeader header = tokens(split, tokenizer);
          splits.add(
              new SplitEntry(split.split().label(), header.text().tokens(), header.sha256()));
        }
        write(DatasetManifest.file(folder), JsonFile.bytes(manifest(tokenizer, splits)));
        Files.deleteIfExists(folder.resolve(UNFINISHED));
        return PreparedData.open(folder);
      }
    } catch (IOException e) {
      throw new DataException("%s cannot be written: %s".formatted(folder, IoReason.of(e)), e);
    }
  }

  private PreparedData existing() {
    PreparedData data = PreparedData.open(folder);
    if (!key.equals(data.manifest().settings().get(PLAN))) {
      throw new DataException(
          ("%s holds the data set %s already, which was made of other texts or with other settings;"
                  + " give another --out, or delete it")
              .formatted(folder, data.manifest().name()));
    }
    progress.note(folder + " is prepared already");
    return data;
  }

  /** Refuses a folder with something else in it; else leaves a note of what is made in it. */
  private void requireOwn() throws IOException {
    Path note = folder.resolve(UNFINISHED);
    if (Files.exists(note)) {
      Unfinished unfinished = JsonFile.read(note, Unfinished.class);
      if (!unfinished.plan().equals(key)) {
        throw new DataException(
            ("%s holds an unfinished data set of other texts or settings; give another --out, or"
                    + " delete it")
                .formatted(folder));
      }
      plan.splits().stream()
          .flatMap(split -> split.portions().stream())
          .map(Portion::shard)
          .filter(shard -> unfinished.read().contains(shard.name()))
          .forEach(read::add);
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (!file.getFileName().toString().equals(LOCK)) {
          throw new DataException(
              "%s holds other files, as %s; give another --out"
                  .formatted(folder, file.getFileName()));
        }
      }
    }
    noteRead();
  }

  /** Keeps what was read for the files that are finished. */
  private void noteRead() throws CheckpointException {
    List<String> names = read.stream().map(Shard::name).toList();
    write(folder.resolve(UNFINISHED), JsonFile.bytes(new Unfinished(key, plan.settings(), names)));
  }

  private static void write(Path file, byte[] content) throws CheckpointException {
    AtomicFile.write(Storage.disk(), file, channel -> channel.write(ByteBuffer.wrap(content)));
  }

  private StoredTokenizer tokenizer() throws IOException {
    Optional<StoredTokenizer> finished = StoredTokenizer.in(folder);
    if (finished.isPresent()) {
      return finished.get();
    }
    StoredTokenizer made = new TokenizerMaker(plan, folder, progress, read).make();
    noteRead();
    made.keepIn(folder);
    return made;
  }

  private TokenFileHeader tokens(SplitText split, StoredTokenizer tokenizer) throws IOException {
    Path file = DatasetManifest.tokens(folder, split.split());
    if (Files.exists(file)) {
      TokenFileHeader finished = TokenFile.header(file);
      if (finished.tokenizer().equals(tokenizer.digest().sha256())) {
        progress.note(file + " is finished already");
        return finished;
      }
    }
    String source = source(split);
    String activity = "tokenizing the %s split".formatted(split.split().label());
    try (SplitReader reader =
            new SplitReader(
                split.portions(),
                plan.reading(),
                SplitEncoder.plain(tokenizer.tokenizer()),
                activity,
                progress,
                read);
        TokenFileWriter writer =
            new TokenFileWriter(
                file,
                tokenizer.tokenizer().vocabularySize(),
                tokenizer.digest().sha256(),
                source)) {
      TextCounts counts = new SplitEncoder(tokenizer.tokenizer(), split, writer).run(reader);
      if (counts.tokens() == 0) {
        throw new DataException(
            ("there is no text for the %s split of %s (%s); give more text, or other limits")
                .formatted(split.split().label(), plan.name(), source));
      }
      noteRead();
      return writer.finish(
          switch (plan.characters()) {
            case CODE_POINTS -> counts;
            case BYTES ->
                new TextCounts(counts.tokens(), counts.bytes(), counts.bytes(), counts.words());
          });
    } catch (TokenizerException e) {
      throw new DataException(
          "%s: %s; choose another --tokenizer".formatted(source, e.getMessage()), e);
    }
  }

  private String source(SplitText split) {
    List<String> names =
        split.portions().stream().map(portion -> portion.shard().name()).distinct().toList();
    String others = names.size() <= 1 ? "" : " and %d more".formatted(names.size() - 1);
    return "%s, %s: %s%s"
        .formatted(
            plan.name(),
            split.split().label(),
            names.isEmpty() ? "nothing" : names.getFirst(),
            others);
  }

  private DatasetManifest manifest(StoredTokenizer tokenizer, List<SplitEntry> splits) {
    Map<String, String> settings = new TreeMap<>(plan.settings());
    settings.put(PLAN, key);
    Map<String, SourceEntry> sources = new LinkedHashMap<>();
    for (Shard shard : read) {
      progress.note("taking the checksum of " + shard.name());
      sources.computeIfAbsent(shard.name(), name -> shard.describe());
    }
    return DatasetManifest.of(
        plan.name(),
        new TokenizerEntry(
            tokenizer.name(),
            tokenizer.tokenizer().name(),
            tokenizer.tokenizer().vocabularySize(),
            tokenizer.digest().sha256()),
        splits,
        List.copyOf(sources.values()),
        settings);
  }
}
