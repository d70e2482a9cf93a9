package org.sigmoe.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MarkupTest {

  @Test
  void nothingInATextIsMarkup() {
    assertEquals(
        "&lt;script&gt;&amp;&quot;&#39;&lt;/script&gt;", Markup.escape("<script>&\"'</script>"));
  }

  @Test
  void controlCharactersAreSeen() {
    assertEquals("a\n\tb\u2400\u241b\u2421", Markup.escape("a\n\tb\0\u001b\u007f"));
  }

  @Test
  void charactersThatTurnOrHideTextAreSeen() {
    assertEquals("[U+202E]x[U+200B][U+FEFF]", Markup.escape("\u202ex\u200b\ufeff"));
    assertEquals("[U+D800]", Markup.escape("\ud800"), "half a pair is no character of XML");
    assertEquals("[U+FFFF]", Markup.escape("\uffff"));
  }

  @Test
  void lettersOfAllScriptsStay() {
    String text = "Csordás 你好 \ud83d\ude00 é";
    assertEquals(text, Markup.escape(text));
  }
}
