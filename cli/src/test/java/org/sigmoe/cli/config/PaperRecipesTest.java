package org.sigmoe.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.moe.ExpertOptions;
import org.sigmoe.moe.HiddenDropout;
import org.sigmoe.moe.Initialisation;
import org.sigmoe.moe.Mixture;
import org.sigmoe.moe.MixtureConfig;
import org.sigmoe.moe.balance.Balance;
import org.sigmoe.moe.balance.EntropyBalance;
import org.sigmoe.moe.balance.SwitchBalance;
import org.sigmoe.moe.router.Compat;
import org.sigmoe.moe.router.RenormalisedRouter;
import org.sigmoe.moe.router.Router;
import org.sigmoe.moe.router.SigmoidRouter;
import org.sigmoe.moe.router.SinkhornRouter;
import org.sigmoe.moe.router.SoftmaxRouter;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Op;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.TopKConfig;
import org.sigmoe.nn.layer.TopKFeedForward;
import org.sigmoe.pkm.Nonlinearity;
import org.sigmoe.pkm.PkmConfig;
import org.sigmoe.pkm.QueryProjection;
import org.sigmoe.pkm.Selection;
import org.sigmoe.pkm.SoftmaxScope;
import org.sigmoe.pkm.ValueInitialisation;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.model.TrainingGraph;

/**
 * The recipes of the results of arXiv 2310.10837: what they say, and the models that they build,
 * without data and without a parameter in memory.
 */
class PaperRecipesTest {
  private static final Path RECIPES = Path.of("..", "recipes");
  private static final Path README = RECIPES.resolve("README.md");

  /** {@code | [name](file) | tables | row | published | parameters | FLOPs |}. */
  private static final Pattern ROW =
      Pattern.compile(
          "\\| \\[(.+)]\\((.+)\\) \\| (.+) \\| .+ \\| ([\\d.]+) \\| ([\\d,]+) \\| (-|[\\d.]+%) \\|");

  /** Each recipe is read once. */
  private static final Map<String, RunConfig> RUNS = new HashMap<>();

  /** A row of the tables in the README. */
  private record Listed(
      String name, String file, String tables, String published, String parameters, String share) {

    static Listed of(Matcher row) {
      return new Listed(
          row.group(1), row.group(2), row.group(3), row.group(4), row.group(5), row.group(6));
    }

    /** Without the ending. */
    String recipe() {
      return file.replaceFirst("\\.yaml$", "");
    }
  }

  private static List<Listed> listed() throws IOException {
    return Files.readAllLines(README).stream()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .map(Listed::of)
        .toList();
  }

  private static Path file(String recipe) {
    return RECIPES.resolve(recipe + ".yaml");
  }

  private static RunConfig run(String recipe) {
    return RUNS.computeIfAbsent(
        recipe, _ -> Configuration.compose(null, file(recipe), Settings.empty()).run());
  }

  private static FeedForwardConfig block(String recipe) {
    return run(recipe).model().feedForward();
  }

  @Test
  void readmeListsEveryRecipeOnceAndNoOther() throws IOException {
    Set<String> recipes = new TreeSet<>();
    try (Stream<Path> files = Files.walk(RECIPES)) {
      files
          .map(file -> RECIPES.relativize(file).toString())
          .filter(file -> file.endsWith(".yaml") && !file.startsWith("jdk"))
          .map(file -> file.replaceFirst("\\.yaml$", ""))
          .filter(recipe -> !Files.isDirectory(RECIPES.resolve(recipe))) // what a folder shares
          .forEach(recipes::add);
    }
    List<String> listed = listed().stream().map(Listed::recipe).toList();

    assertEquals(recipes, new TreeSet<>(listed));
    assertEquals(119, listed.size());
  }

  @TestFactory
  Stream<DynamicTest> everyRecipeBuildsAGraphOfTheSizeThatItIsListedWith() throws IOException {
    return listed().stream().map(row -> dynamicTest(row.recipe(), () -> requireAsListed(row)));
  }

  private static void requireAsListed(Listed row) throws IOException {
    RunConfig run = run(row.recipe());
    LanguageModel model = new LanguageModel(run.model());
    TrainingGraph training = TrainingGraph.of(model, run.training().batch(), run.optimiser());

    assertEquals(row.file(), row.recipe() + ".yaml");
    assertTrue(row.recipe().endsWith("/" + row.name()), row.recipe());
    assertEquals(row.parameters(), "%,d".formatted(model.parameterCount()));
    assertEquals(parameters(run.model()), model.parameterCount());
    requireShare(row.share(), run, training);
    String[] head = Files.readString(file(row.recipe())).split("\n#? ?", 4);
    String comment = String.join(" ", head);
    assertTrue(comment.contains(row.parameters() + " parameters."), comment);
    assertTrue(
        comment.matches(
            "(?s).*Published: (perplexity|bits per character) %s \\(%s\\)\\..*"
                .formatted(Pattern.quote(row.published()), Pattern.quote(row.tables()))),
        comment);
  }

  /**
   * By hand: embedding, output with its bias and layer norm; for each layer two layer norms, the
   * projections to queries, keys and values, of positions and back, two biases of P = heads *
   * headSize, and two scalars; and the blocks.
   */
  private static long parameters(ModelConfig model) {
    long d = model.dModel();
    long v = model.vocabulary();
    long p = model.attentionWidth();
    long attention = 5 * d * p + 2 * p + 2;
    return 2 * v * d + v + 2 * d + model.layers() * (attention + 4 * d + block(model));
  }

  private static long block(ModelConfig model) {
    long d = model.dModel();
    return switch (model.feedForward()) {
      case DenseConfig(int width) -> 2 * d * width + width + d;
      case TopKConfig(int width, int _, TopKFeedForward.Ranking _) -> 2 * d * width + width + d;
      case MixtureConfig config -> {
        long experts = config.mixture().experts();
        yield 2 * d * experts * config.mixture().expertSize() + experts * d;
      }
      case PkmConfig config -> {
        long n = config.subKeys();
        yield 2 * config.heads() * n * (d / 2) + n * n * d;
      }
      default -> throw new AssertionError(model.feedForward());
    };
  }

  /**
   * Table 7: operations of the experts in percent of a dense block of all their units, K / N_E. Of
   * dense and top-K blocks all are done; the paper says nothing of memories.
   */
  private static void requireShare(String listed, RunConfig run, TrainingGraph training) {
    ModelConfig model = run.model();
    double units =
        switch (model.feedForward()) {
          case DenseConfig(int width) -> flops(training, MatMul.class) / (double) width;
          case TopKConfig(int width, int _, TopKFeedForward.Ranking _) ->
              flops(training, MatMul.class) / (double) width;
          case MixtureConfig config -> {
            Mixture mixture = config.mixture();
            yield (flops(training, GatherMatMul.class) + flops(training, ScatterMatMul.class))
                / ((double) mixture.experts() * mixture.expertSize());
          }
          default -> Double.NaN;
        };
    if (listed.equals("-")) {
      assertTrue(Double.isNaN(units));
      return;
    }
    double tokens = run.training().tokensPerStep();
    double share = units / (4.0 * model.dModel() * tokens * model.layers());
    assertEquals(Double.parseDouble(listed.replace("%", "")), 100 * share, 0.05 + 1e-9);
  }

  /** Of the forward pass, in all feed-forward blocks. */
  private static long flops(TrainingGraph training, Class<? extends Op> op) {
    return training.graph().nodes().stream()
        .filter(node -> node.phase() == Node.Phase.FORWARD)
        .filter(node -> node.scope().endsWith("feed_forward") && op.isInstance(node.op()))
        .mapToLong(node -> node.cost().flops())
        .sum();
  }

  /** Counted from the structure of the published code; they agree with tables 3, 8 and 10. */
  @ParameterizedTest
  @CsvSource({
    "wikitext-103/small/dense,           47260136",
    "wikitext-103/small/sigma-moe,       47260248",
    "wikitext-103/small-star/dense,     237696536",
    "wikitext-103/small-star/sigma-moe, 237004376",
    "wikitext-103/big/dense,            262479968",
    "wikitext-103/big/sigma-moe,        262461284",
    "enwik8/dense,                       41234721",
    "enwik8/sigma-moe,                   41240805"
  })
  void parametersAreThoseOfThePublishedCode(String recipe, long parameters) {
    assertEquals(parameters, new LanguageModel(run(recipe).model()).parameterCount());
  }

  /** In millions, table 2. */
  @ParameterizedTest
  @CsvSource({
    "wikitext-103/small, 35.3, 47.1",
    "wikitext-103/big,  191.1, 263.4",
    "enwik8,             30.1, 41.1"
  })
  void parametersOfMemoriesAreThoseOfThePublishedCode(
      String folder, double valueMatched, double parameterMatched) {
    for (String nonlinearity : List.of("relu", "softmax")) {
      assertEquals(valueMatched, millions(folder + "/pkm-values-" + nonlinearity), 0.05);
      assertEquals(parameterMatched, millions(folder + "/pkm-" + nonlinearity), 0.05);
    }
  }

  private static double millions(String recipe) {
    return new LanguageModel(run(recipe).model()).parameterCount() / 1e6;
  }

  @ParameterizedTest
  @CsvFileSource(resources = "paper-mixtures.csv", numLinesToSkip = 5)
  void mixturesAreThoseOfThePublishedSettings(
      String recipe,
      String router,
      int experts,
      int expertSize,
      int k,
      double weight,
      double expertDropout,
      HiddenDropout dropout,
      Initialisation initialisation) {
    Mixture published =
        new Mixture(
            experts,
            expertSize,
            k,
            router(router),
            balance(router, weight),
            expertDropout,
            dropout,
            initialisation,
            ExpertOptions.defaults());

    assertEquals(published, ((MixtureConfig) block(recipe)).mixture());
  }

  private static Router router(String name) {
    return switch (name) {
      case "sigmoid" -> new SigmoidRouter();
      case "softmax-before", "switch" -> new SoftmaxRouter();
      case "softmax-after" -> new RenormalisedRouter(Compat.PAPER_CODE);
      case "sinkhorn" -> new SinkhornRouter(3, Compat.PAPER_CODE);
      default -> throw new AssertionError(name);
    };
  }

  private static Balance balance(String router, double weight) {
    return router.equals("switch")
        ? new SwitchBalance(weight, Compat.PAPER_CODE)
        : new EntropyBalance(weight);
  }

  @Test
  void mixturesOfThePublishedSettingsAreAllThereAre() throws IOException {
    long mixtures =
        listed().stream().filter(row -> block(row.recipe()) instanceof MixtureConfig).count();

    assertEquals(86, mixtures);
  }

  @ParameterizedTest
  @CsvSource({
    "wikitext-103/small,      2053, 64 128 256 512",
    "wikitext-103/small-star, 16480, ''",
    "wikitext-103/big,        4110, 128 256 512",
    "enwik8,                  2053, 128 256 512",
    "c4/small,                2053, ''",
    "c4/big,                  4110, ''",
    "pes2o/small,             2053, ''",
    "pes2o/big,               4110, ''"
  })
  void denseAndTopKBlocksAreThoseOfThePublishedSettings(String folder, int width, String kept) {
    assertEquals(new DenseConfig(width), block(folder + "/dense"));
    for (String k : kept.isEmpty() ? new String[0] : kept.split(" ")) {
      assertEquals(
          new TopKConfig(width, Integer.parseInt(k), TopKFeedForward.Ranking.ACTIVATION),
          block(folder + "/top-k-" + k));
    }
  }

  @ParameterizedTest
  @CsvSource({"wikitext-103/small, 46, 62", "wikitext-103/big, 64, 89", "enwik8, 46, 62"})
  void memoriesAreThoseOfThePublishedSettings(String folder, int valueMatched, int matched) {
    for (Nonlinearity nonlinearity : Nonlinearity.values()) {
      String name = nonlinearity == Nonlinearity.RELU ? "relu" : "softmax";
      assertEquals(
          memory(valueMatched, nonlinearity, ValueInitialisation.BY_MODEL_WIDTH),
          block(folder + "/pkm-values-" + name));
      assertEquals(
          memory(matched, nonlinearity, ValueInitialisation.BY_MODEL_WIDTH),
          block(folder + "/pkm-" + name));
    }
    assertEquals(
        memory(matched, Nonlinearity.RELU, ValueInitialisation.BY_VALUE_COUNT),
        block(folder + "/pkm-relu-init"));
  }

  private static PkmConfig memory(
      int subKeys, Nonlinearity nonlinearity, ValueInitialisation initialisation) {
    return new PkmConfig(
        subKeys,
        Optional.empty(),
        4,
        32,
        Selection.ALL,
        nonlinearity,
        SoftmaxScope.JOINT,
        QueryProjection.NONE,
        initialisation,
        org.sigmoe.pkm.Compat.NONE);
  }

  @Test
  void dataThatIsNotPreparedYetIsToldWithTheCommandThatMakesIt() {
    RunConfig run = run("enwik8/dense");
    Path missing = Path.of("data/enwik8").toAbsolutePath();

    String message = assertThrows(DataException.class, () -> run.data().source()).getMessage();

    assertEquals(
        "there is no prepared data in %s; make it by `sigmoe data enwik8 --out %s`, or give other"
                .formatted(missing, missing)
            + " data",
        message);
  }

  /** But for block, clipping and data each is the dense model of its size. */
  @ParameterizedTest
  @CsvSource({
    "wikitext-103/small, wt-s-dense, data/wikitext-103",
    "wikitext-103/small-star, wt-s-dense, data/wikitext-103",
    "wikitext-103/big, wt-b-dense, data/wikitext-103",
    "enwik8, e8-dense, data/enwik8",
    "c4/small, wt-s-dense, data/c4",
    "c4/big, wt-b-dense, data/c4",
    "pes2o/small, wt-s-dense, data/pes2o",
    "pes2o/big, wt-b-dense, data/pes2o"
  })
  void sizesAndTrainingAreThoseOfTheFolder(String folder, String preset, Path data)
      throws IOException {
    RunConfig dense = Configuration.compose(preset, null, Settings.empty()).run();
    List<Listed> rows =
        listed().stream()
            .filter(row -> file(row.recipe()).startsWith(RECIPES.resolve(folder)))
            .toList();

    assertTrue(rows.size() >= 4, folder);
    for (Listed row : rows) {
      RunConfig run = run(row.recipe());
      assertEquals(Optional.of(data.toAbsolutePath()), run.data().path(), row.recipe());
      assertEquals(clip(row.recipe()), run.optimiser().maxNorm(), row.recipe());
      assertEquals(dense, withoutItsOwn(row.recipe(), dense), row.recipe());
    }
  }

  /** The published settings of the small dense models differ in it from all others. */
  private static double clip(String recipe) {
    boolean dense = recipe.endsWith("/dense") || recipe.contains("/top-k-");
    return dense && recipe.contains("/small") ? 0.1 : 0.25;
  }

  private static RunConfig withoutItsOwn(String recipe, RunConfig dense) {
    Settings same =
        Settings.empty()
            .with(Settings.FAMILY, "dense", "")
            .with(
                "model.feedForward.dFeedForward",
                Integer.toString(((DenseConfig) dense.model().feedForward()).dFeedForward()),
                "")
            .with("optimiser.maxNorm", Double.toString(dense.optimiser().maxNorm()), "")
            .with("data.path", null, "");
    return Configuration.compose(null, file(recipe), same).run();
  }
}
