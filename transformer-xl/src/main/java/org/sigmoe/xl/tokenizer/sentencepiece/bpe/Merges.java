package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges the most frequent pair of adjacent symbols into a new one, again and again. Symbols
 * 0..alphabet-1 are characters.
 *
 * <p>The words lie in an array of cells. The first cell of a symbol has its number, so that the
 * next symbol is found by its length; the last one, where there are several, has minus the length,
 * so that the one before is found.
 *
 * <p>Two pairs may spell the same, as {@code ab+c} and {@code a+bc}. Only the one that is more
 * frequent at first is ever merged, as in the reference; what encodes takes any.
 */
final class Merges {
  private static final int NONE = WordCharacters.BREAK;

  private final Alphabet alphabet;
  private final PieceRules rules;
  private final int[] cells;
  private final int[] wordOf;
  private final long[] counts;

  /** What each symbol spells, in numbers of the alphabet. */
  private final List<int[]> spellings = new ArrayList<>();

  private final Set<String> found = new HashSet<>();
  private final PairTable pairs = new PairTable();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>(best());

  /** A pair with its count when it was put in the queue; the pair may have become rarer since. */
  private record Candidate(Pair pair, long count) {}

  /** Prepares the words, which it changes. */
  Merges(WordCharacters words, Alphabet alphabet, PieceRules rules) {
    this.alphabet = alphabet;
    this.rules = rules;
    cells = words.cells();
    wordOf = words.wordOf();
    counts = words.counts();
    for (int i = 0; i < alphabet.size(); i++) {
      spellings.add(new int[] {i});
    }
    for (int i = 0; i < cells.length; i++) {
      cells[i] = Math.max(NONE, alphabet.number(cells[i]));
    }
    List<Pair> first = new ArrayList<>();
    for (int i = 1; i < cells.length; i++) {
      add(cells[i - 1], cells[i], i - 1, first);
    }
    first.forEach(this::enqueue);
  }

  /** The most frequent first; of equals the shorter, then the first by code points. */
  private Comparator<Candidate> best() {
    return Comparator.comparingLong(Candidate::count)
        .reversed()
        .thenComparing(Candidate::pair, Comparator.comparingInt(this::length))
        .thenComparing(Candidate::pair, this::compareSpelling);
  }

  private int length(Pair pair) {
    return spellings.get(pair.left).length + spellings.get(pair.right).length;
  }

  /** Compares pairs of the same length. */
  private int compareSpelling(Pair a, Pair b) {
    int length = length(a);
    for (int i = 0; i < length; i++) {
      int order = Integer.compare(character(a, i), character(b, i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private int character(Pair pair, int index) {
    int[] left = spellings.get(pair.left);
    return index < left.length ? left[index] : spellings.get(pair.right)[index - left.length];
  }

  /** Merges the best pair; null if no two symbols are left that may be one. */
  @Nullable String next() {
    while (true) {
      Candidate best = queue.poll();
      if (best == null) {
        return null;
      }
      Pair pair = best.pair();
      if (pair.count < best.count()) {
        enqueue(pair);
      } else if (found.add(spelled(pair))) {
        merge(pair);
        return spelled(pair);
      }
    }
  }

  private String spelled(Pair pair) {
    int length = length(pair);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(alphabet.ascending()[character(pair, i)]);
    }
    return text.toString();
  }

  private void enqueue(Pair pair) {
    if (pair.mayMerge && pair.count > 0) {
      queue.add(new Candidate(pair, pair.count));
    }
  }

  private void merge(Pair pair) {
    int leftLength = spellings.get(pair.left).length;
    int length = length(pair);
    int symbol = spellings.size();
    spellings.add(concatenated(pair));
    List<Pair> created = new ArrayList<>();
    for (int place : pair.takePlaces()) {
      if (cells[place] != pair.left || cells[place + leftLength] != pair.right) {
        continue;
      }
      int before = before(place);
      int after = place + length;
      if (before >= 0) {
        remove(cells[before], pair.left, place);
      }
      remove(pair.right, cells[after], place);
      cells[place + leftLength] = NONE;
      cells[place] = symbol;
      cells[after - 1] = -length;
      if (before >= 0) {
        add(cells[before], symbol, before, created);
      }
      add(symbol, cells[after], place, created);
    }
    created.forEach(this::enqueue);
  }

  private int[] concatenated(Pair pair) {
    int[] spelling = new int[length(pair)];
    for (int i = 0; i < spelling.length; i++) {
      spelling[i] = character(pair, i);
    }
    return spelling;
  }

  /** Where the symbol before a place begins; negative if there is a break. */
  private int before(int place) {
    int last = cells[place - 1];
    if (last >= 0) {
      return place - 1;
    }
    return last == NONE ? NONE : place + last;
  }

  private void remove(int left, int right, int place) {
    if (right >= 0) {
      Pair pair = pairs.get(left, right);
      if (pair != null) {
        pair.count -= counts[wordOf[place]];
      }
    }
  }

  private void add(int left, int right, int place, List<Pair> created) {
    if (left < 0 || right < 0) {
      return;
    }
    Pair pair = pairs.get(left, right);
    if (pair == null) {
      boolean mayMerge = rules.allow(spellings.get(left), spellings.get(right));
      pair = new Pair(left, right, mayMerge);
      pairs.add(pair);
      created.add(pair);
    }
    if (pair.mayMerge) {
      pair.count += counts[wordOf[place]];
      pair.addPlace(place);
    }
  }
}
