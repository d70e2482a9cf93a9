package org.sigmoe.cli.report;

import java.util.ArrayList;
import java.util.List;

/** A table that can be sorted by its columns. */
final class HtmlTable {
  private final List<String> headings;
  private final List<Row> rows = new ArrayList<>();

  /** A row; the number of its configuration gives it a colour, a negative one gives none. */
  private record Row(int group, List<Cell> cells) {}

  HtmlTable(String... headings) {
    this.headings = List.of(headings);
  }

  /** Adds a row that is marked with the colour of a configuration. */
  HtmlTable row(int group, Cell... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(
          "a row of %d cells for %d columns".formatted(cells.length, headings.size()));
    }
    rows.add(new Row(group, List.of(cells)));
    return this;
  }

  /** Adds a row. */
  HtmlTable row(Cell... cells) {
    return row(-1, cells);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  void write(Html html) {
    html.open("div", "class", "scroll").open("table", "class", "sortable").open("thead").open("tr");
    for (int i = 0; i < headings.size(); i++) {
      html.open("th", "scope", "col", "class", kind(i))
          .element("button", headings.get(i), "type", "button")
          .close();
    }
    html.close().close().open("tbody").line();
    for (Row row : rows) {
      html.open("tr");
      for (int i = 0; i < row.cells().size(); i++) {
        Cell cell = row.cells().get(i);
        if (i == 0) {
          html.open("th", "scope", "row", "class", kind(i), "data-order", cell.order());
        } else {
          html.open("td", "class", kind(i), "data-order", cell.order());
        }
        if (i == 0 && row.group() >= 0) {
          Swatch.write(html, row.group());
        }
        html.text(cell.text()).close();
      }
      html.close().line();
    }
    html.close().close().close();
  }

  /** A column with a text in it is one of texts. */
  private String kind(int column) {
    return rows.stream().anyMatch(row -> row.cells().get(column).kind() == Cell.Kind.TEXT)
        ? "text"
        : "number";
  }
}
