package org.sigmoe.cli.run;

import java.util.function.Consumer;
import org.sigmoe.cli.output.Units;
import org.sigmoe.xl.data.Progress;

/**
 * Tells how far the preparation of a corpus is.
 *
 * @param notes takes lines that stay
 * @param progress takes lines of which the next replaces the one before
 */
public record CorpusProgress(Consumer<String> notes, Consumer<String> progress)
    implements Progress {

  @Override
  public void update(String activity, long doneBytes, long totalBytes) {
    if (doneBytes == 0) {
      notes.accept(totalBytes == 0 ? activity : activity + ", " + Units.bytes(totalBytes));
    } else {
      progress.accept("%s  %d%%".formatted(activity, 100 * doneBytes / Math.max(1, totalBytes)));
    }
  }

  @Override
  public void note(String message) {
    notes.accept(message);
  }
}
