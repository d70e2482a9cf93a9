package org.sigmoe.xl.data.prepare;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.Progress;
import org.sigmoe.xl.data.download.Downloads;

/** The published data sets that there is a plan for. */
public enum PublishedData {
  /** Bytes of Wikipedia's markup. */
  ENWIK8("enwik8: 90/5/5 million bytes of Wikipedia's markup, its distinct bytes as tokens") {
    @Override
    DatasetPlan plan(Context context) {
      return Enwik8.plan(context);
    }
  },

  /** Good and featured articles of Wikipedia, split into words. */
  WIKITEXT_103(
      "WikiText-103 (v1, word level): a BPE of 8,000 pieces, digits split, encoded line by line") {
    @Override
    DatasetPlan plan(Context context) {
      return SplitFiles.WIKITEXT_103.plan(context);
    }
  },

  /** Web pages, cleaned. */
  C4("C4 en: a BPE of 8,000 pieces from its first 10 shards, documents joined by <STORY_SEP>") {
    @Override
    DatasetPlan plan(Context context) {
      return ShardedDocuments.C4.plan(context);
    }
  },

  /** Scientific papers. */
  PES2O("peS2o v2: a BPE of 8,000 pieces from its first shard, documents joined by <STORY_SEP>") {
    @Override
    DatasetPlan plan(Context context) {
      return ShardedDocuments.PES2O.plan(context);
    }
  },

  /** The Wall Street Journal, with a vocabulary of 10,000 words. */
  PTB("Penn Treebank as Mikolov prepared it: a BPE of 8,000 pieces, encoded line by line") {
    @Override
    DatasetPlan plan(Context context) {
      return SplitFiles.PTB.plan(context);
    }
  };

  private final String summary;

  PublishedData(String summary) {
    this.summary = summary;
  }

  /**
   * What a plan is made from.
   *
   * @param options what the user says
   * @param downloads where files come from that the user does not have
   * @param progress hears what the user may want to know
   */
  record Context(PlanOptions options, Supplier<Downloads> downloads, Progress progress) {

    /** The one path that the user gave, where one only makes sense. */
    Path onlyFrom() {
      if (options.from().size() != 1) {
        throw new DataException("--from takes one file or folder here");
      }
      return options.from().getFirst();
    }
  }

  abstract DatasetPlan plan(Context context);

  /** The name on the command line, for example {@code wikitext-103}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it is and what becomes of it, in a line. */
  public String summary() {
    return summary;
  }

  /** What {@code --from} takes for it. */
  public String files() {
    return switch (this) {
      case ENWIK8 -> "the file enwik8, or enwik8.zip";
      case WIKITEXT_103 -> "the folder of wiki.train.tokens and its like, or wikitext-103-v1.zip";
      case C4, PES2O -> "the folder of train and validation shards (.json.gz, .zst, .parquet)";
      case PTB -> "the folder of ptb.train.txt and its like";
    };
  }

  /** Whether its test split is a part of its validation texts, so that its size can be chosen. */
  public boolean cutsTest() {
    return List.of(C4, PES2O).contains(this);
  }

  /**
   * The plan for it.
   *
   * @param downloads where files come from that the user does not have; asked only if one is needed
   * @param progress hears what the user may want to know
   * @throws DataException if the files that the user has are not those of the data set
   */
  public DatasetPlan plan(PlanOptions options, Supplier<Downloads> downloads, Progress progress) {
    return plan(new Context(options, downloads, progress));
  }
}
