package org.sigmoe.xl.data.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.IoReason;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.data.download.RemoteFile;

/**
 * Data sets of many shards of documents, of which the paper takes as many train tokens as its
 * training reads, and measures on the first 0.5% of the validation tokens. Those that follow, as
 * many, are the valid split here, so that no document is in both.
 */
enum ShardedDocuments {
  /** Its validation has 206,453,965 of the paper's tokens. */
  C4(10, 206_453_965L, PublicAddresses::c4Train, PublicAddresses::c4Validation),
  /** Its validation has 842,021,184 of the paper's tokens. */
  PES2O(1, 842_021_184L, PublicAddresses::pes2oTrain, PublicAddresses::pes2oValidation);

  /** The paper's small models read 100,100 batches of 64 streams of 256 tokens. */
  private static final long PUBLISHED_TRAIN_TOKENS = 100_100L * 64 * 256;

  /** The paper's context, of which its code takes a whole number. */
  private static final int CONTEXT = 256;

  /** 0.5%. */
  private static final int TEST_ONE_OF = 200;

  private final int tokenizerShards;
  private final long validationTokens;
  private final Supplier<List<RemoteFile>> train;
  private final Supplier<List<RemoteFile>> validation;

  ShardedDocuments(
      int tokenizerShards,
      long validationTokens,
      Supplier<List<RemoteFile>> train,
      Supplier<List<RemoteFile>> validation) {
    this.tokenizerShards = tokenizerShards;
    this.validationTokens = validationTokens;
    this.train = train;
    this.validation = validation;
  }

  /** int(floor(tokens / 256) * 0.005) * 256, as the paper's code has it. */
  long publishedTestTokens() {
    return validationTokens / CONTEXT / TEST_ONE_OF * CONTEXT;
  }

  DatasetPlan plan(PublishedData.Context context) {
    PlanOptions options = context.options();
    List<Portion> training = portions(context, "train", train);
    List<Portion> heldOut = portions(context, "validation", validation);
    long limit = options.limitTokens().orElse(PUBLISHED_TRAIN_TOKENS);
    long testTokens = options.testTokens().orElse(publishedTestTokens());
    TokenizerChoice tokenizer =
        TokenizerWish.choose(
            options,
            TokenizerWish.TRAIN,
            training.subList(0, Math.min(tokenizerShards, training.size())),
            TokenizerChoice.Sentences.TEXTS);
    Map<String, String> settings = options.settings(tokenizer);
    settings.put("limitTokens", Long.toString(limit));
    settings.put("testTokens", Long.toString(testTokens));
    settings.put("field", options.field());
    settings.put("separator", options.separator());
    TokenWindow test = TokenWindow.first(testTokens);
    return new DatasetPlan(
        PublishedData.valueOf(name()).label(),
        List.of(
            SplitText.of(Split.TRAIN, training).within(TokenWindow.first(limit)),
            SplitText.of(Split.VALID, heldOut).within(test.next()),
            SplitText.of(Split.TEST, heldOut).within(test)),
        tokenizer,
        options.reading(),
        DatasetPlan.Characters.CODE_POINTS,
        settings);
  }

  private static List<Portion> portions(
      PublishedData.Context context, String split, Supplier<List<RemoteFile>> remote) {
    if (context.options().from().isEmpty()) {
      return remote.get().stream()
          .map(file -> Portion.of(new Shard.Remote(file, context.downloads().get())))
          .toList();
    }
    List<Portion> found =
        context.options().from().stream()
            .flatMap(from -> shards(from, split))
            .map(file -> Portion.of(new Shard.Local(file)))
            .toList();
    if (found.isEmpty()) {
      throw new DataException(
          "there is no file named *%s*.json.gz or the like in %s; give the folder they are in"
              .formatted(split, context.options().from()));
    }
    return found;
  }

  /** The shards of a split below a folder, in the order of their names. */
  private static Stream<Path> shards(Path folder, String split) {
    Pattern name =
        Pattern.compile(
            "(.*[^a-z])?%s([^a-z].*)?\\.(jsonl|json|ndjson|parquet)(\\.gz|\\.zst)?"
                .formatted(split));
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> name.matcher(file.getFileName().toString()).matches())
          .filter(Files::isRegularFile)
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new DataException("%s cannot be listed: %s".formatted(folder, IoReason.of(e)), e);
    }
  }
}
