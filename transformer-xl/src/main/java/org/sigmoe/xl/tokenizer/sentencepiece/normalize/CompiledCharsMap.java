package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.xl.tokenizer.TokenizerException;

/**
 * Rules as a model carries them ({@code precompiled_charsmap}): the number of bytes of a trie (4
 * bytes; all numbers little-endian), the trie, whose keys are what is replaced, in UTF-8, and the
 * replacements in UTF-8, each ended by a 0 and found by the value of its key, an offset.
 */
final class CompiledCharsMap {
  private static final int NO_RULE = -1;

  private final int[] trie;
  private final byte[] replacements;

  private CompiledCharsMap(int[] trie, byte[] replacements) {
    this.trie = trie;
    this.replacements = replacements;
  }

  /** Compiles rules; nothing comes of no rules. */
  static ByteString compile(CharsMap map) {
    if (map.rules().isEmpty()) {
      return ByteString.EMPTY;
    }
    // Sorted first, so that the same rules give the same bytes.
    List<Rule> rules = new ArrayList<>();
    map.rules()
        .forEach(
            (key, replacement) ->
                rules.add(new Rule(key.getBytes(StandardCharsets.UTF_8), replacement)));
    rules.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
    Map<String, Integer> offsets = new HashMap<>();
    ByteString.Output replacements = ByteString.newOutput();
    List<KeyGraph.Entry> entries = new ArrayList<>();
    for (Rule rule : rules) {
      int offset =
          offsets.computeIfAbsent(rule.replacement(), added -> append(added, replacements));
      entries.add(new KeyGraph.Entry(rule.key(), offset));
    }
    int[] units = DoubleArrayBuilder.build(new KeyGraph(entries));
    ByteBuffer trie =
        ByteBuffer.allocate(Integer.BYTES * (1 + units.length)).order(ByteOrder.LITTLE_ENDIAN);
    trie.putInt(Integer.BYTES * units.length);
    trie.asIntBuffer().put(units);
    return ByteString.copyFrom(trie.rewind()).concat(replacements.toByteString());
  }

  private record Rule(byte[] key, String replacement) {}

  /** Appends a replacement; returns where it begins. */
  private static int append(String replacement, ByteString.Output replacements) {
    int offset = replacements.size();
    byte[] utf8 = replacement.getBytes(StandardCharsets.UTF_8);
    replacements.write(utf8, 0, utf8.length);
    replacements.write(0);
    return offset;
  }

  /**
   * Reads compiled rules.
   *
   * @throws TokenizerException if they are damaged; all places that they lead to are checked
   */
  static CompiledCharsMap read(ByteString compiled) {
    ByteBuffer in = compiled.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long trieBytes = in.remaining() < Integer.BYTES ? -1 : Integer.toUnsignedLong(in.getInt());
    if (trieBytes <= 0 || trieBytes >= in.remaining() || trieBytes % Integer.BYTES != 0) {
      throw damaged();
    }
    int[] trie = new int[(int) trieBytes / Integer.BYTES];
    in.slice(in.position(), (int) trieBytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(trie);
    in.position(in.position() + (int) trieBytes);
    byte[] replacements = new byte[in.remaining()];
    in.get(replacements);
    CompiledCharsMap map = new CompiledCharsMap(trie, replacements);
    if (!map.isSound()) {
      throw damaged();
    }
    return map;
  }

  private static TokenizerException damaged() {
    return new TokenizerException("the table of its normaliser is damaged");
  }

  /** Whether from every unit, reachable or not, all steps lead to units and replacements. */
  private boolean isSound() {
    // Children lie in one block, so that with their base all of them are inside.
    if (trie.length % DoubleArray.BLOCK != 0 || replacements[replacements.length - 1] != 0) {
      return false;
    }
    for (int i = 0; i < trie.length; i++) {
      if (DoubleArray.isValue(trie[i])) {
        continue;
      }
      int base = i ^ DoubleArray.offset(trie[i]);
      if (base >= trie.length
          || DoubleArray.ends(trie[i]) && DoubleArray.value(trie[base]) >= replacements.length) {
        return false;
      }
    }
    return !DoubleArray.isValue(trie[0]);
  }

  /** The longest rule for what a text begins with. */
  static final class Match {
    /** Bytes that are replaced; 0 where there is no rule. */
    int length;

    /** Where the replacement begins in {@link CompiledCharsMap#replacements()}. */
    int replacement;
  }

  /** Finds the longest rule for what stands in a text from a place on. */
  void longest(byte[] text, int from, int to, Match match) {
    match.length = 0;
    int value = NO_RULE;
    int at = DoubleArray.offset(trie[0]);
    for (int i = from; i < to; i++) {
      int label = Byte.toUnsignedInt(text[i]);
      at ^= label;
      if (DoubleArray.label(trie[at]) != label) {
        break;
      }
      boolean ends = DoubleArray.ends(trie[at]);
      at ^= DoubleArray.offset(trie[at]);
      if (ends) {
        value = DoubleArray.value(trie[at]);
        match.length = i + 1 - from;
      }
    }
    match.replacement = value;
  }

  /** All replacements, each ended by a 0. */
  byte[] replacements() {
    return replacements;
  }
}
