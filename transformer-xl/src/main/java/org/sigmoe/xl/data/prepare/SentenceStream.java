package org.sigmoe.xl.data.prepare;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.data.prepare.TokenizerChoice.Sentences;

/** Texts as sentences to train a tokenizer on: each with a line break after it. */
final class SentenceStream extends InputStream {
  private static final byte LINE_BREAK = '\n';

  private final SplitReader reader;
  private final Sentences sentences;
  private byte[] current = new byte[0];
  private int position;

  SentenceStream(SplitReader reader, Sentences sentences) {
    this.reader = reader;
    this.sentences = sentences;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (position == current.length && !advance()) {
      return -1;
    }
    int count = Math.min(length, current.length - position);
    System.arraycopy(current, position, target, offset, count);
    position += count;
    return count;
  }

  private boolean advance() {
    SplitReader.@Nullable Text text = reader.next();
    if (text == null) {
      return false;
    }
    byte[] all = text.joined(1);
    if (sentences == Sentences.TEXTS) {
      // To the tokenizer a line break is a space; here it would end the sentence.
      for (int i = 0; i < all.length; i++) {
        all[i] = all[i] == LINE_BREAK ? (byte) ' ' : all[i];
      }
    }
    all[all.length - 1] = LINE_BREAK;
    current = all;
    position = 0;
    return true;
  }
}
