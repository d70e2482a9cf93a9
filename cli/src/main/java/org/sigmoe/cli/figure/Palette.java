package org.sigmoe.cli.figure;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Colours as {@code #rrggbb}.
 *
 * @param roles the colour of each role
 * @param series colours that most people can tell apart, on the paper of {@code roles}
 */
public record Palette(Map<Ink.Role, String> roles, List<String> series) {
  /** How many series have colours of their own. */
  public static final int SERIES = 7;

  /** On white paper: the colours of Okabe and Ito (2008), without yellow. */
  public static final Palette LIGHT =
      new Palette(
          Map.of(
              Ink.Role.TEXT, "#1c1e21",
              Ink.Role.MUTED, "#5f656d",
              Ink.Role.GRID, "#e6e8ea",
              Ink.Role.AXIS, "#9aa0a6",
              Ink.Role.PAPER, "#ffffff"),
          List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#3b3b3b"));

  /** On nearly black paper: the same hues, lighter. */
  public static final Palette DARK =
      new Palette(
          Map.of(
              Ink.Role.TEXT, "#e4e6e8",
              Ink.Role.MUTED, "#a0a6ad",
              Ink.Role.GRID, "#2c3035",
              Ink.Role.AXIS, "#6b7178",
              Ink.Role.PAPER, "#15171a"),
          List.of("#4aa3df", "#f07f3c", "#2fbd92", "#e39cc6", "#f2b838", "#9ad3f5", "#d8d8d8"));

  /** Checks that every ink has a colour. */
  public Palette {
    roles = Map.copyOf(roles);
    series = List.copyOf(series);
    if (roles.size() < Ink.Role.values().length || series.size() != SERIES) {
      throw new IllegalArgumentException("every role and " + SERIES + " series need a colour");
    }
  }

  /** The colour of an ink. */
  public String colour(Ink ink) {
    return switch (ink) {
      case Ink.Role role -> roles.getOrDefault(role, "");
      case Ink.Series(int number) -> series.get(number % SERIES);
    };
  }

  /** The name of an ink's variable in a style sheet: {@code --text}, {@code --series-3}. */
  public static String variable(Ink ink) {
    return switch (ink) {
      case Ink.Role role -> "--" + role.name().toLowerCase(Locale.ROOT);
      case Ink.Series(int number) -> "--series-" + number % SERIES;
    };
  }
}
