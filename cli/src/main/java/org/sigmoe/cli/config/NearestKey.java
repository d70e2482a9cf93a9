package org.sigmoe.cli.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a user may have meant by a word that is not known. */
public final class NearestKey {
  private NearestKey() {}

  /**
   * The known key that differs least, by letters only: {@code d_model} is near {@code
   * model.dModel}. Either the whole keys or their last parts are compared, whichever is nearer.
   */
  public static Optional<String> of(String key, Collection<String> known) {
    return known.stream().min(Comparator.comparingInt(candidate -> distance(key, candidate)));
  }

  private static int distance(String key, String candidate) {
    int whole = levenshtein(letters(key), letters(candidate));
    int last = levenshtein(letters(lastPart(key)), letters(lastPart(candidate)));
    // Of two keys with the same last part the one whose groups are nearer is meant.
    return 100 * Math.min(whole, last) + whole;
  }

  private static String lastPart(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  private static String letters(String key) {
    return key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  /** How many letters have to be put in, left out or changed. */
  private static int levenshtein(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
