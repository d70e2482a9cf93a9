package org.sigmoe.xl.tokenizer.sentencepiece.model;

import com.google.protobuf.ByteString;
import java.util.Set;

/**
 * How a text is normalised before it is cut.
 *
 * @param name the name of the rules, as {@code nmt_nfkc}; only a name, the rules are the next
 * @param charsMap the rules, compiled; empty for none
 * @param flags what is done besides
 */
public record NormalizerSpec(String name, ByteString charsMap, Set<NormalizerFlag> flags) {

  /** Checks nothing; keeps a copy of the flags. */
  public NormalizerSpec {
    flags = Set.copyOf(flags);
  }
}
