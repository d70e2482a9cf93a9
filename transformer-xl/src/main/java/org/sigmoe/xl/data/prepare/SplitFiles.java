package org.sigmoe.xl.data.prepare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.data.download.Downloads;

/** Data sets that come with a file of lines for each split. */
enum SplitFiles {
  /** {@code wiki.train.tokens} and so on, in one archive. */
  WIKITEXT_103(
      "wiki.%s.tokens",
      (split, downloads) -> new Shard.Remote(PublicAddresses.WIKITEXT_103, downloads)),
  /** {@code ptb.train.txt} and so on. */
  PTB(
      "ptb.%s.txt",
      (split, downloads) -> new Shard.Remote(PublicAddresses.ptb(split.label()), downloads));

  private final String fileName;
  private final BiFunction<Split, Downloads, Shard> remote;

  SplitFiles(String fileName, BiFunction<Split, Downloads, Shard> remote) {
    this.fileName = fileName;
    this.remote = remote;
  }

  private String fileName(Split split) {
    return fileName.formatted(split.label());
  }

  DatasetPlan plan(PublishedData.Context context) {
    PlanOptions options = context.options();
    Map<Split, Portion> portions = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      portions.put(split, portion(split, context));
    }
    TokenizerChoice tokenizer =
        TokenizerWish.choose(
            options,
            TokenizerWish.TRAIN,
            List.of(portions.get(Split.TRAIN)),
            TokenizerChoice.Sentences.LINES);
    Map<String, String> settings = options.settings(tokenizer);
    List<SplitText> splits = new ArrayList<>();
    portions.forEach(
        (split, portion) ->
            splits.add(
                SplitText.of(split, List.of(portion))
                    .within(split == Split.TRAIN ? options.trainWindow() : TokenWindow.ALL)));
    return new DatasetPlan(
        PublishedData.valueOf(name()).label(),
        splits,
        tokenizer,
        options.reading(),
        DatasetPlan.Characters.CODE_POINTS,
        settings);
  }

  private Portion portion(Split split, PublishedData.Context context) {
    String name = fileName(split);
    if (context.options().from().isEmpty()) {
      return Portion.of(remote.apply(split, context.downloads().get()))
          .ofFiles(path -> isNamed(path, name));
    }
    Path from = context.onlyFrom();
    if (!Files.isDirectory(from)) {
      return Portion.of(new Shard.Local(from)).ofFiles(path -> isNamed(path, name));
    }
    Path file = from.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          "there is no %s in %s; give the folder it is in by --from".formatted(name, from));
    }
    return Portion.of(new Shard.Local(file));
  }

  private static boolean isNamed(String path, String name) {
    return path.equals(name) || path.endsWith("/" + name);
  }
}
