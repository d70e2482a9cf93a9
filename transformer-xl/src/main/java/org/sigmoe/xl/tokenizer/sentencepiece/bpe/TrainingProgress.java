package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

/** Hears how far the training of a model is. Called on the thread that trains. */
public interface TrainingProgress {

  /** Hears nothing. */
  TrainingProgress NONE =
      new TrainingProgress() {
        @Override
        public void read(long bytes) {}

        @Override
        public void merged(int done, int total) {}

        @Override
        public void note(String message) {}
      };

  /** So many bytes of text were read, of all texts together; called about once a megabyte. */
  void read(long bytes);

  /** So many of the pieces that are to be found were found; called about a hundred times. */
  void merged(int done, int total);

  /** Something that the user may want to know. */
  void note(String message);
}
