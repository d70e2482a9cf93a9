package org.sigmoe.moe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sigmoe.moe.balance.ImportanceBalance;
import org.sigmoe.moe.balance.NoBalance;
import org.sigmoe.moe.router.NoisyRouter;
import org.sigmoe.moe.router.SigmoidRouter;
import org.sigmoe.nn.layer.Default;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.FeedForwards;
import org.sigmoe.nn.layer.ParameterMatching;

/** The options that users write. */
class ConfigTest {

  /** Of each family what {@code of} gives with the sizes that hold where none are written. */
  static List<FeedForwardConfig> families() {
    return List.of(
        SigmaMoeConfig.of(16, 128, 4),
        SoftmaxMoeConfig.of(16, 128, 4),
        SwitchConfig.of(16, 512, 1),
        SBaseConfig.of(16, 128, 4),
        NoisyTopKConfig.of(16, 128, 4));
  }

  @Test
  void familiesAreFoundByName() {
    Set<String> names =
        families().stream()
            .map(config -> FeedForwards.familyOf(config).family())
            .collect(Collectors.toSet());
    assertEquals(Set.of("sigma-moe", "softmax-moe", "switch", "s-base", "noisy-top-k"), names);
  }

  @ParameterizedTest
  @MethodSource("families")
  void whatALibraryUserGetsIsWhatIsWrittenNowhereInAConfiguration(FeedForwardConfig config)
      throws ReflectiveOperationException {
    assertDefaults((Record) config);
  }

  private static void assertDefaults(Record config) throws ReflectiveOperationException {
    for (RecordComponent component : config.getClass().getRecordComponents()) {
      Object value = component.getAccessor().invoke(config);
      Default written = component.getAnnotation(Default.class);
      if (value instanceof Record group) {
        assertDefaults(group);
      } else if (written == null) {
        assertEquals("experts", component.getName());
      } else if (value instanceof Enum<?> constant) {
        assertEquals(written.value(), constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      } else {
        assertEquals(
            Double.parseDouble(written.value()),
            ((Number) value).doubleValue(),
            component.getName());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void everyFamilyMatchesTheDenseBlockByTheNumberOfExperts(FeedForwardConfig config) {
    int size = config instanceof SwitchConfig ? 512 : 128;
    int experts = config instanceof SwitchConfig ? 4 : 16;
    assertEquals(
        experts,
        ParameterMatching.size(
            count ->
                switch (config) {
                  case SigmaMoeConfig _ -> SigmaMoeConfig.of(count, size, 4);
                  case SoftmaxMoeConfig _ -> SoftmaxMoeConfig.of(count, size, 4);
                  case SwitchConfig _ -> SwitchConfig.of(count, size, 1);
                  case SBaseConfig _ -> SBaseConfig.of(count, size, 4);
                  case NoisyTopKConfig _ -> NoisyTopKConfig.of(count, size, 4);
                  default -> throw new AssertionError(config);
                },
            412,
            new DenseConfig(2053)));
  }

  @Test
  void paperSizesMatchToSevenParametersALayer() {
    assertEquals(
        7,
        ParameterMatching.parameters(SigmaMoeConfig.of(16, 128, 4), 412)
            - ParameterMatching.parameters(new DenseConfig(2053), 412));
    assertEquals(
        128,
        ParameterMatching.size(
            experts -> SigmaMoeConfig.of(experts, 128, 4), 412, new DenseConfig(16480)));
    assertEquals(
        32,
        ParameterMatching.size(
            experts -> SigmaMoeConfig.of(experts, 128, 4), 1024, new DenseConfig(4110)));
  }

  private static void assertRefused(String message, Executable refused) {
    String said = assertThrows(IllegalArgumentException.class, refused).getMessage();
    assertTrue(said.startsWith(message), said);
  }

  @Test
  void valuesOutOfRangeAreRefusedByTheirKey() {
    assertRefused("experts: must be at least 1", () -> SigmaMoeConfig.of(0, 128, 1));
    assertRefused("expertSize: must be at least 1", () -> SwitchConfig.of(4, 0, 1));
    assertRefused("k: must be at least 1", () -> SBaseConfig.of(4, 8, 0));
    assertRefused("k: a token cannot get 5 of 4 experts", () -> SBaseConfig.of(4, 8, 5));
    assertRefused("experts: 1000000 experts", () -> SigmaMoeConfig.of(1_000_000, 1_000_000, 1));
    assertRefused("importance: needs", () -> NoisyTopKConfig.of(4, 8, 1));
    assertRefused("sharedSize: must", () -> options(-1, 0, 0));
    assertRefused("zLoss: must", () -> options(0, Double.NaN, 0));
    assertRefused("capacityFactor: must", () -> options(0, 0, -1));
    assertRefused("entropy: must", () -> sigma(-1, 0));
    assertRefused("expertDropout: must be in [0, 1)", () -> sigma(0, 1));
  }

  @Test
  void partsThatDoNotGoTogetherAreRefused() {
    assertRefused(
        "expertDropout: must be 0 with noisy top-K",
        () ->
            new Mixture(
                4,
                8,
                2,
                new NoisyRouter(),
                new NoBalance(),
                0.1,
                HiddenDropout.NONE,
                Initialisation.PAPER,
                ExpertOptions.defaults()));
    assertRefused(
        "importance: needs noisy top-K",
        () ->
            new Mixture(
                4,
                8,
                2,
                new SigmoidRouter(),
                new ImportanceBalance(0.1),
                0,
                HiddenDropout.NONE,
                Initialisation.PAPER,
                ExpertOptions.defaults()));
  }

  private static ExpertOptions options(int sharedSize, double zLoss, double capacityFactor) {
    return new ExpertOptions(Nonlinearity.RELU, Biases.NONE, sharedSize, zLoss, capacityFactor);
  }

  private static SigmaMoeConfig sigma(double entropy, double expertDropout) {
    return new SigmaMoeConfig(
        4,
        8,
        2,
        entropy,
        expertDropout,
        HiddenDropout.NONE,
        Initialisation.PAPER,
        ExpertOptions.defaults());
  }

  @Test
  void factoriesLeaveNothingOfTheFamiliesUntested() {
    assertEquals(
        families().stream().map(Object::getClass).collect(Collectors.toSet()),
        Stream.of(FeedForwards.providers())
            .flatMap(List::stream)
            .map(provider -> (Class<?>) provider.configType())
            .filter(type -> type.getPackageName().equals("org.sigmoe.moe"))
            .collect(Collectors.toSet()));
  }
}
