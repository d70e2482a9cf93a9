package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import com.google.protobuf.ByteString;
import java.util.Locale;
import java.util.Set;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerSpec;

/** The rules that are made here, by the reference's names. */
public enum NormalizationRule {
  /** Unicode's form KC, control characters removed, everything like a space made one. */
  NMT_NFKC {
    @Override
    CharsMap charsMap() {
      return NmtRules.over(NfkcRules.rules());
    }
  },
  /** Unicode's form KC. */
  NFKC {
    @Override
    CharsMap charsMap() {
      return NfkcRules.rules();
    }
  },
  /** Nothing is replaced. */
  IDENTITY {
    @Override
    CharsMap charsMap() {
      return CharsMap.EMPTY;
    }
  };

  abstract CharsMap charsMap();

  /** The reference's name, as {@code nmt_nfkc}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The rules and these flags as a model carries them; makes the rules, which takes a second. */
  public NormalizerSpec spec(Set<NormalizerFlag> flags) {
    return new NormalizerSpec(label(), compile(), flags);
  }

  private ByteString compile() {
    return CompiledCharsMap.compile(charsMap().withoutRedundant());
  }
}
