package org.sigmoe.bench.result;

import java.util.List;

/** A table in Markdown. */
final class MarkdownTable {
  private final StringBuilder text = new StringBuilder();
  private final int columns;

  MarkdownTable(Column... columns) {
    this.columns = columns.length;
    line(List.of(columns).stream().map(Column::heading).toList());
    line(List.of(columns).stream().map(Column::rule).toList());
  }

  /** A column. */
  sealed interface Column {
    String heading();

    String rule();
  }

  /** Of words. */
  record Words(String heading) implements Column {
    @Override
    public String rule() {
      return "---";
    }
  }

  /** Of numbers. */
  record Numbers(String heading) implements Column {
    @Override
    public String rule() {
      return "---:";
    }
  }

  /** Adds a row, one cell a column. */
  void row(String... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(
          "a row of %d cells in a table of %d columns".formatted(cells.length, columns));
    }
    line(List.of(cells));
  }

  private void line(List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
