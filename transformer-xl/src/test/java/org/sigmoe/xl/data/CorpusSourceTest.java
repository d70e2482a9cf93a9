package org.sigmoe.xl.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CorpusSourceTest {

  private final Path a = Path.of("a");
  private final Path b = Path.of("b");
  private final Path c = Path.of("c");

  @Test
  void optionsSayWhereTheTextComesFrom() {
    assertEquals(new CorpusSource.JdkSources(), CorpusSource.ofOptions(null, null, null));
    assertEquals(new CorpusSource.Automatic(a), CorpusSource.ofOptions(a, null, null));
    assertEquals(new CorpusSource.Given(a, b, null), CorpusSource.ofOptions(a, b, null));
    assertEquals(new CorpusSource.Given(a, b, c), CorpusSource.ofOptions(a, b, c));
  }

  @Test
  void heldOutTextWithoutTheOneBeforeItIsRefused() {
    assertThrows(DataException.class, () -> CorpusSource.ofOptions(null, b, null));
    assertThrows(DataException.class, () -> CorpusSource.ofOptions(null, null, c));
    assertThrows(DataException.class, () -> CorpusSource.ofOptions(a, null, c));
  }
}
