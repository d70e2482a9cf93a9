package org.sigmoe.xl.data.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.IoReason;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.data.SplitRule;
import org.sigmoe.xl.data.documents.TextFile;
import org.sigmoe.xl.data.documents.TextFiles;

/** enwik8: its first 90 million bytes train, the next 5 million are valid, the last 5 test. */
final class Enwik8 {
  private Enwik8() {}

  static DatasetPlan plan(PublishedData.Context context) {
    PlanOptions options = context.options();
    boolean own = !options.from().isEmpty();
    Shard shard =
        own
            ? new Shard.Local(context.onlyFrom())
            : new Shard.Remote(PublicAddresses.ENWIK8, context.downloads().get());
    long bytes = check(shard, own, context);
    List<SplitText> splits = new ArrayList<>();
    for (Split split : Split.values()) {
      Portion part =
          Portion.of(shard).between(SplitRule.start(split, bytes), SplitRule.end(split, bytes));
      splits.add(
          SplitText.of(split, List.of(part))
              .within(split == Split.TRAIN ? options.trainWindow() : TokenWindow.ALL));
    }
    TokenizerChoice tokenizer =
        TokenizerWish.choose(
            options, "bytes", splits.getFirst().portions(), TokenizerChoice.Sentences.LINES);
    Map<String, String> settings = options.settings(tokenizer);
    return new DatasetPlan(
        PublishedData.ENWIK8.label(),
        splits,
        tokenizer,
        options.reading(),
        DatasetPlan.Characters.BYTES,
        settings);
  }

  /** The publisher's checksum is of the content, which is checked wherever it comes from. */
  private static long check(Shard shard, boolean own, PublishedData.Context context) {
    Path path = shard.path();
    try (TextFiles files = TextFiles.open(path)) {
      if (files.files().size() != 1) {
        throw new DataException(
            "%s holds %d files, and enwik8 is one".formatted(path, files.files().size()));
      }
      TextFile file = files.files().getFirst();
      long bytes = file.contentBytes();
      try (InputStream content = file.document().open()) {
        if (bytes == PublicAddresses.ENWIK8_BYTES
            && PublicAddresses.ENWIK8_CONTENT.of(content).equals(PublicAddresses.ENWIK8_CONTENT)) {
          return bytes;
        }
      }
      String difference =
          bytes == PublicAddresses.ENWIK8_BYTES
              ? "%s is not enwik8: its checksum is not %s"
                  .formatted(path, PublicAddresses.ENWIK8_CONTENT)
              : "%s is not enwik8: it has %,d bytes, not %,d"
                  .formatted(path, bytes, PublicAddresses.ENWIK8_BYTES);
      if (!own) {
        throw new DataException(difference + "; give the file by --from");
      }
      if (bytes < SplitRule.FEWEST_BYTES) {
        throw new DataException(difference);
      }
      context.progress().note(difference + "; it is split 90/5/5 all the same");
      return bytes;
    } catch (IOException e) {
      throw new DataException("%s cannot be read: %s".formatted(path, IoReason.of(e)), e);
    }
  }
}
