package org.sigmoe.xl.data;

import java.util.ArrayList;
import java.util.List;

/** Remembers what it hears. */
final class RecordedProgress implements Progress {

  final List<Long> done = new ArrayList<>();
  final List<String> notes = new ArrayList<>();
  long total;

  @Override
  public void update(String activity, long doneBytes, long totalBytes) {
    done.add(doneBytes);
    total = totalBytes;
  }

  @Override
  public void note(String message) {
    notes.add(message);
  }

  /** Whether anything was joined. */
  boolean worked() {
    return !done.isEmpty();
  }
}
