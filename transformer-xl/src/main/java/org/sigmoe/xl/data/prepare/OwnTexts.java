package org.sigmoe.xl.data.prepare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.data.SplitRule;
import org.sigmoe.xl.data.documents.TextFile;
import org.sigmoe.xl.data.documents.TextFiles;

/**
 * The plan for texts of the user's own.
 *
 * <p>Where no held-out texts are given, 90/5/5 are split: documents of JSON lines and parquet files
 * by a hash of their text, other files of a folder or archive by a hash of their paths, and a
 * single file by position, at line breaks.
 */
public final class OwnTexts {
  private final PlanOptions options;
  private final List<Path> valid;
  private final List<Path> test;

  /**
   * A user's texts.
   *
   * @param options whose {@code from} is what is trained on
   * @param valid held-out texts, perhaps none
   * @param test held-out texts, perhaps none
   * @throws DataException if there is nothing to train on, or test texts are given without valid
   *     ones
   */
  public OwnTexts(PlanOptions options, List<Path> valid, List<Path> test) {
    if (options.from().isEmpty()) {
      throw new DataException("there is no text; give files or folders by --from");
    }
    if (valid.isEmpty() && !test.isEmpty()) {
      throw new DataException(
          "--test is given without --valid; give both, or neither to split --from 90/5/5");
    }
    this.options = options;
    this.valid = List.copyOf(valid);
    this.test = List.copyOf(test);
  }

  /**
   * The plan.
   *
   * @param name what the data set is called
   * @throws DataException if there is no text at one of the paths
   */
  public DatasetPlan plan(String name) {
    List<SplitText> splits = valid.isEmpty() ? held() : given();
    TokenizerChoice tokenizer =
        TokenizerWish.choose(
            options,
            TokenizerWish.TRAIN,
            splits.getFirst().portions(),
            TokenizerChoice.Sentences.LINES);
    Map<String, String> settings = options.settings(tokenizer);
    settings.put("field", options.field());
    settings.put("separator", options.separator());
    return new DatasetPlan(
        name, splits, tokenizer, options.reading(), DatasetPlan.Characters.CODE_POINTS, settings);
  }

  private List<SplitText> given() {
    List<SplitText> splits = new ArrayList<>();
    splits.add(SplitText.of(Split.TRAIN, whole(options.from())).within(options.trainWindow()));
    splits.add(SplitText.of(Split.VALID, whole(valid)));
    if (!test.isEmpty()) {
      splits.add(SplitText.of(Split.TEST, whole(test)));
    }
    return splits;
  }

  private static List<Portion> whole(List<Path> paths) {
    return paths.stream().map(path -> Portion.of(new Shard.Local(path))).toList();
  }

  private List<SplitText> held() {
    List<SplitText> splits = new ArrayList<>();
    for (Split split : Split.values()) {
      List<Portion> portions =
          options.from().stream().flatMap(path -> part(path, split).stream()).toList();
      splits.add(
          SplitText.of(split, portions)
              .within(split == Split.TRAIN ? options.trainWindow() : TokenWindow.ALL));
    }
    return splits;
  }

  private static List<Portion> part(Path path, Split split) {
    Portion all = Portion.of(new Shard.Local(path));
    Portion documents =
        all.ofFiles(file -> !isPlain(file)).ofTexts(text -> SplitRule.byText(text) == split);
    try (TextFiles files = TextFiles.open(path)) {
      if (files.files().size() > 1) {
        return List.of(
            all.ofFiles(file -> isPlain(file) && SplitRule.byPath(file) == split), documents);
      }
      TextFile only = files.files().getFirst();
      if (only.format() != TextFile.Format.PLAIN) {
        return List.of(documents);
      }
      long bytes = only.contentBytes();
      long start = only.lineStart(SplitRule.start(split, bytes));
      long end = only.lineStart(SplitRule.end(split, bytes));
      return start == end ? List.of() : List.of(all.between(start, end));
    }
  }

  private static boolean isPlain(String path) {
    return TextFile.Format.of(path) == TextFile.Format.PLAIN;
  }
}
