package org.sigmoe.nn.engine.cpu;

/**
 * The best of the scores that it is offered, best first. Of equal scores the one with the lower
 * index comes first; NaN ranks lowest. Not safe for use by several threads.
 */
final class Leaders {
  private final double[] scores;
  private final int[] indices;
  private int count;
  private int places;

  /** With room for {@code most}. */
  Leaders(int most) {
    this.scores = new double[most];
    this.indices = new int[most];
  }

  /** Forgets all, and keeps the best {@code number} from now on. */
  void begin(int number) {
    count = 0;
    places = number;
  }

  /** How many there are. */
  int count() {
    return count;
  }

  /** Score of the leader in a place. */
  double score(int place) {
    return scores[place];
  }

  /** Index of the leader in a place. */
  int index(int place) {
    return indices[place];
  }

  /** Takes a score in if it is among the best. */
  void offer(double score, int index) {
    int place = count;
    if (count == places) {
      place = count - 1;
      if (!comesFirst(score, index, place)) {
        return;
      }
    } else {
      count++;
    }
    while (place > 0 && comesFirst(score, index, place - 1)) {
      scores[place] = scores[place - 1];
      indices[place] = indices[place - 1];
      place--;
    }
    scores[place] = score;
    indices[place] = index;
  }

  private boolean comesFirst(double score, int index, int place) {
    double other = scores[place];
    if (score > other) {
      return true;
    }
    boolean level = score == other || Double.isNaN(score) && Double.isNaN(other);
    return level ? index < indices[place] : Double.isNaN(other);
  }
}
