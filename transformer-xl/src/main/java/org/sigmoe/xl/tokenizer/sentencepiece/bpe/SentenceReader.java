package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts a text into sentences, which are its lines. Keeps no more of it than the longest allowed.
 */
final class SentenceReader {
  private static final int CHUNK = 1 << 20;

  /** Takes sentences. */
  @FunctionalInterface
  interface Sink {
    /** Takes the sentence in the bytes from..to-1, which are overwritten afterwards. */
    void accept(byte[] bytes, int from, int to);
  }

  private final int longest;
  private final Sink sink;
  private final TrainingProgress progress;
  private final byte[] chunk = new byte[CHUNK];

  /** The beginning of a sentence that goes on in the next chunk. */
  private final byte[] begun;

  private int begunLength;
  private boolean tooLong;
  private long bytes;
  private long tooLongSentences;

  SentenceReader(int longest, Sink sink, TrainingProgress progress) {
    this.longest = longest;
    this.sink = sink;
    this.progress = progress;
    begun = new byte[longest];
  }

  /** Reads a text to its end. */
  void read(InputStream text) throws IOException {
    for (int length = text.read(chunk); length >= 0; length = text.read(chunk)) {
      int from = 0;
      for (int i = 0; i < length; i++) {
        if (chunk[i] == '\n') {
          end(from, i);
          from = i + 1;
        }
      }
      keep(from, length);
      if (bytes / CHUNK != (bytes + length) / CHUNK) {
        progress.read(bytes + length);
      }
      bytes += length;
    }
    end(0, 0);
  }

  /** The sentences left out so far because they were too long. */
  long tooLongSentences() {
    return tooLongSentences;
  }

  private void keep(int from, int to) {
    if (begunLength + to - from > longest) {
      tooLong = true;
    } else {
      System.arraycopy(chunk, from, begun, begunLength, to - from);
      begunLength += to - from;
    }
  }

  private void end(int from, int to) {
    if (begunLength == 0 && !tooLong && to - from <= longest) {
      give(chunk, from, to);
    } else {
      keep(from, to);
      if (tooLong) {
        tooLongSentences++;
      } else {
        give(begun, 0, begunLength);
      }
    }
    begunLength = 0;
    tooLong = false;
  }

  private void give(byte[] sentence, int from, int to) {
    if (to > from) {
      sink.accept(sentence, from, to);
    }
  }
}
