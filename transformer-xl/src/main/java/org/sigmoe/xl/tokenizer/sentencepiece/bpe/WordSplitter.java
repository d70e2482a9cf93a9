package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;

/** Cuts normalised sentences into the words that pieces do not go beyond. */
final class WordSplitter {
  private final WordCounts words;
  private final boolean splits;
  private final boolean keepsSpacesTogether;

  WordSplitter(TrainerSpec spec, WordCounts words) {
    this.words = words;
    splits = spec.has(TrainerFlag.SPLIT_BY_WHITESPACE);
    keepsSpacesTogether = spec.has(TrainerFlag.ALLOW_WHITESPACE_ONLY_PIECES);
  }

  /** Counts the words of a sentence: a word begins with a space, or with several if they may. */
  void split(byte[] sentence, int length) {
    int begin = 0;
    boolean afterSpace = true;
    for (int i = 0; splits && i < length; i++) {
      if (isSpace(sentence, i, length)) {
        if (i > begin && !(afterSpace && keepsSpacesTogether)) {
          words.add(sentence, begin, i);
          begin = i;
        }
        afterSpace = true;
        i += 2;
      } else {
        afterSpace = false;
      }
    }
    if (length > begin) {
      words.add(sentence, begin, length);
    }
  }

  /** Whether U+2581, E2 96 81, stands at a place. */
  private static boolean isSpace(byte[] text, int at, int length) {
    return text[at] == (byte) 0xE2
        && at + 2 < length
        && text[at + 1] == (byte) 0x96
        && text[at + 2] == (byte) 0x81;
  }
}
