package org.sigmoe.xl.data;

/** Hears how far the preparation of a corpus is. Called on the thread that opens the corpus. */
public interface Progress {

  /** Hears nothing. */
  Progress NONE =
      new Progress() {
        @Override
        public void update(String activity, long doneBytes, long totalBytes) {}

        @Override
        public void note(String message) {}
      };

  /**
   * Some of the bytes are done; called with 0 at the start, with the total at the end, and about
   * once a megabyte between.
   *
   * @param activity what is being done, for example {@code unpacking /opt/jdk/lib/src.zip}
   */
  void update(String activity, long doneBytes, long totalBytes);

  /** Something happened that the user may want to know. */
  void note(String message);
}
