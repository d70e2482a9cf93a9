package org.sigmoe.cli.report;

import java.util.ArrayDeque;
import java.util.Deque;
import org.sigmoe.cli.figure.Drawing;
import org.sigmoe.cli.figure.SvgWriter;
import org.sigmoe.cli.output.Markup;

/** Writes HTML. All texts and values of attributes are escaped; there is no way around it. */
final class Html {
  private final StringBuilder html = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Begins an element.
   *
   * @param attributes names and values in turn; a name without a value ends the list
   */
  Html open(String element, String... attributes) {
    tag(element, attributes);
    open.push(element);
    return this;
  }

  /** Ends the element that was begun last. */
  Html close() {
    html.append("</").append(open.pop()).append('>');
    return this;
  }

  /** An element without an end, as {@code input}. */
  Html single(String element, String... attributes) {
    tag(element, attributes);
    return this;
  }

  Html text(String text) {
    html.append(Markup.escape(text));
    return this;
  }

  /** An element with a text alone. */
  Html element(String element, String text, String... attributes) {
    return open(element, attributes).text(text).close();
  }

  Html line() {
    html.append('\n');
    return this;
  }

  /** A drawing, which is escaped by its writer. */
  Html drawing(Drawing drawing) {
    html.append(SvgWriter.inPage(drawing));
    return this;
  }

  /** A style sheet or script of this program, whose hash the page's policy names. */
  Html own(String element, PageResource resource) {
    html.append('<').append(element).append('>').append(resource.text());
    html.append("</").append(element).append(">\n");
    return this;
  }

  private void tag(String element, String... attributes) {
    html.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      html.append(' ').append(attributes[i]);
      if (i + 1 < attributes.length) {
        html.append("=\"").append(Markup.escape(attributes[i + 1])).append('"');
      }
    }
    html.append('>');
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("elements are left open: " + open);
    }
    return html.toString();
  }
}
