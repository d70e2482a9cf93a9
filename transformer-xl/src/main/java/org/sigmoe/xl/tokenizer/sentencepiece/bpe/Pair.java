package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import java.util.Arrays;

/** Two symbols that stand side by side in the text, and where. */
final class Pair {
  final int left;
  final int right;

  /** Whether the two together may be a piece. Of pairs that may not, nothing is counted. */
  final boolean mayMerge;

  /** How often the pair occurs in the text; overlapping occurrences, as in "aaa", all count. */
  long count;

  private int[] places = {};
  private int size;

  Pair(int left, int right, boolean mayMerge) {
    this.left = left;
    this.right = right;
    this.mayMerge = mayMerge;
  }

  /** Adds a place where the left one begins; places come in ascending order. */
  void addPlace(int place) {
    if (size == places.length) {
      places = Arrays.copyOf(places, size + Math.max(2, size / 2));
    }
    places[size++] = place;
  }

  /** Hands over the places, some of which may have changed since; the pair has none then. */
  int[] takePlaces() {
    int[] taken = Arrays.copyOf(places, size);
    places = new int[0];
    size = 0;
    return taken;
  }
}
