package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The trie of some keys with equal branches made one (a directed acyclic word graph), as there are
 * many among the spellings of Hangul.
 */
final class KeyGraph {

  /** A key and what it leads to. */
  record Entry(byte[] key, int value) {}

  /**
   * A node.
   *
   * @param labels the bytes that follow, ascending; 0 where a key ends
   * @param next for each the number of the node that it leads to; for 0 the value of the key
   */
  record Node(int[] labels, int[] next) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Node(int[] otherLabels, int[] otherNext)
          && Arrays.equals(labels, otherLabels)
          && Arrays.equals(next, otherNext);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(labels) + Arrays.hashCode(next);
    }
  }

  /** Most nodes have no more labels. */
  private static final int FEW = 4;

  private final List<Entry> entries;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Node, Integer> numbers = new HashMap<>();
  private final int root;

  /**
   * The graph of some keys.
   *
   * @param entries sorted by key, as unsigned bytes; no key is empty, has a 0 or comes twice
   */
  KeyGraph(List<Entry> entries) {
    this.entries = entries;
    root = build(0, entries.size(), 0);
  }

  int root() {
    return root;
  }

  Node node(int number) {
    return nodes.get(number);
  }

  /** The number of the node for what follows a prefix that the keys first..last-1 have alike. */
  private int build(int first, int last, int prefix) {
    int[] labels = new int[FEW];
    int[] next = new int[FEW];
    int count = 0;
    int end;
    for (int begin = first; begin < last; begin = end) {
      int label = byteAt(begin, prefix);
      end = begin + 1;
      while (end < last && byteAt(end, prefix) == label) {
        end++;
      }
      if (count == labels.length) {
        labels = Arrays.copyOf(labels, 4 * count);
        next = Arrays.copyOf(next, 4 * count);
      }
      labels[count] = label;
      next[count] = label == 0 ? entries.get(begin).value() : build(begin, end, prefix + 1);
      count++;
    }
    Node node = new Node(Arrays.copyOf(labels, count), Arrays.copyOf(next, count));
    return numbers.computeIfAbsent(
        node,
        added -> {
          nodes.add(added);
          return nodes.size() - 1;
        });
  }

  private int byteAt(int entry, int index) {
    byte[] key = entries.get(entry).key();
    return index < key.length ? Byte.toUnsignedInt(key[index]) : 0;
  }
}
