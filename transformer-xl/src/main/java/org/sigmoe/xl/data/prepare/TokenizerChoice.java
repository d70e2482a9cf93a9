package org.sigmoe.xl.data.prepare;

import java.nio.file.Path;
import java.util.List;
import org.sigmoe.xl.tokenizer.SymbolTokenizer.Symbols;

/** What the tokens of a data set are. */
public sealed interface TokenizerChoice {

  /**
   * Those of a tokenizer that is there.
   *
   * @param file a SentencePiece model, or the {@code tokenizer.json} of another data set
   */
  record Given(Path file) implements TokenizerChoice {}

  /**
   * The bytes or characters that the texts of all splits have.
   *
   * @param symbols which of both
   */
  record Seen(Symbols symbols) implements TokenizerChoice {}

  /** What a tokenizer is trained on: sentences, of which long ones (4,192 bytes) are left out. */
  enum Sentences {
    /** Lines. */
    LINES,
    /** Whole documents, as in the paper's code, so that of long ones it sees none. */
    TEXTS
  }

  /**
   * The pieces of a SentencePiece model of type BPE, digits split, that is trained for it, as the
   * paper's are.
   *
   * @param vocabulary how many pieces
   * @param portions what it is trained on
   * @param sentences what of it is a sentence
   */
  record Trained(int vocabulary, List<Portion> portions, Sentences sentences)
      implements TokenizerChoice {

    /** The paper's number of pieces. */
    public static final int PUBLISHED_VOCABULARY = 8000;

    /** Copies the list. */
    public Trained {
      portions = List.copyOf(portions);
    }
  }
}
