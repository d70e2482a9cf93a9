package org.sigmoe.pkm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.FeedForwards;
import org.sigmoe.nn.layer.ParameterMatching;

class PkmConfigTest {

  private static PkmConfig config(
      int subKeys, int k, Selection selection, SoftmaxScope scope, Compat compat) {
    return new PkmConfig(
        subKeys,
        Optional.empty(),
        4,
        k,
        selection,
        Nonlinearity.SOFTMAX,
        scope,
        QueryProjection.NONE,
        ValueInitialisation.BY_MODEL_WIDTH,
        compat);
  }

  private static PkmConfig joint(int subKeys, int k, Selection selection, Compat compat) {
    return config(subKeys, k, selection, SoftmaxScope.JOINT, compat);
  }

  @Test
  void parameterMatchedSizesAreThoseOfThePaper() {
    assertEquals(62, ParameterMatching.size(PkmConfig::of, 412, new DenseConfig(2053)));
    assertEquals(89, ParameterMatching.size(PkmConfig::of, 1024, new DenseConfig(4110)));
    assertEquals(62, ParameterMatching.size(PkmConfig::of, 512, new DenseConfig(2053)));
  }

  @Test
  void valueCountMatchedSizesAreThoseOfThePaper() {
    assertEquals(46, PkmConfig.subKeysForValues(2048));
    assertEquals(46, PkmConfig.subKeysForValues(2053));
    assertEquals(64, PkmConfig.subKeysForValues(4096));
    assertEquals(65, PkmConfig.subKeysForValues(4097));
    assertEquals(1, PkmConfig.subKeysForValues(1));
  }

  /** The published totals are the dense models' with each block exchanged. */
  @Test
  void modelsHaveThePublishedParameters() {
    assertEquals(47_128_408, exchanged(47_260_136, 16, 412, 2053, 62));
    assertEquals(35_315_544, exchanged(47_260_136, 16, 412, 2053, 46));
    assertEquals(263_438_180, exchanged(262_479_968, 18, 1024, 4110, 89));
  }

  private static long exchanged(long dense, int layers, int dModel, int units, int subKeys) {
    long block = ParameterMatching.parameters(new DenseConfig(units), dModel);
    return dense + layers * (ParameterMatching.parameters(PkmConfig.of(subKeys), dModel) - block);
  }

  @Test
  void everythingIsSelectedOnlyBySayingSo() {
    assertTrue(joint(46, 128, Selection.ALL, Compat.NONE).selectsAll());
    assertFalse(joint(46, 128, Selection.TOP_K, Compat.NONE).selectsAll());
  }

  @Test
  void papersCodeSelectsEverythingWhereKReachesTheSubKeysOfBothHalves() {
    assertTrue(joint(46, 128, Selection.TOP_K, Compat.PAPER_CODE).selectsAll());
    assertTrue(joint(46, 46, Selection.TOP_K, Compat.PAPER_CODE).selectsAll());
    assertFalse(joint(46, 45, Selection.TOP_K, Compat.PAPER_CODE).selectsAll());
  }

  @Test
  void optionsThatDoNotFitAreRefusedByKey() {
    assertRefused("subKeys:", () -> PkmConfig.of(0));
    assertRefused("subKeys:", () -> PkmConfig.of(50_000));
    assertRefused("k:", () -> joint(3, 10, Selection.TOP_K, Compat.NONE));
    assertRefused("k:", () -> joint(3, 0, Selection.TOP_K, Compat.NONE));
    assertRefused(
        "softmaxScope:", () -> config(3, 2, Selection.ALL, SoftmaxScope.PER_HEAD, Compat.NONE));
    assertRefused("dModel:", () -> ParameterMatching.parameters(PkmConfig.of(3), 13));
  }

  private static void assertRefused(String key, Runnable options) {
    String message = assertThrows(IllegalArgumentException.class, options::run).getMessage();
    assertTrue(message.startsWith(key), message);
  }

  @Test
  void familyIsFoundByName() {
    assertSame(PkmConfig.class, FeedForwards.family("pkm").configType());
  }
}
