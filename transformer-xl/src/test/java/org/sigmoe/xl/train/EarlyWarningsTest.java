package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.GatherColumns;
import org.sigmoe.nn.graph.op.TopK;
import org.sigmoe.nn.layer.BuildContext;
import org.sigmoe.nn.layer.FeedForward;
import org.sigmoe.nn.layer.Observed;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.xl.model.ModelConfig;

/** Trainings that go wrong say so, and those that do not are silent. */
class EarlyWarningsTest {
  private static final int COLUMNS = 16;
  private static final int SELECTED = 2;

  @TempDir Path folder;

  /** Which elements of its input a block "selects". */
  private enum Choice {
    /** Always the same. */
    FIRST,
    /** Others for every token, all alike. */
    ANY
  }

  /** A block that passes its input on, and "selects" some of its elements. */
  private record Selecting(int dModel, Choice choice) implements FeedForward {

    @Override
    public List<Parameter> parameters() {
      return List.of();
    }

    @Override
    public Output apply(BuildContext context, Value x) {
      Shape shape = x.shape();
      Value scores = x.graph().constant("scores", shape, () -> scores((int) shape.elements()));
      // without x nothing would be left to compute
      Value indices = TopK.of(Add.of(x, scores), SELECTED);
      context.observe(Observed.EXPERTS, indices);
      context.observe(Observed.EXPERT_WEIGHTS, GatherColumns.of(x, indices));
      return new Output(x, null, null);
    }

    /** So great that x makes no difference. */
    private float[] scores(int count) {
      Random random = new Random(1);
      float[] scores = new float[count];
      for (int i = 0; i < count; i++) {
        scores[i] =
            switch (choice) {
              case FIRST -> i % COLUMNS < SELECTED ? 1e6f : 0;
              case ANY -> 1e6f * random.nextFloat();
            };
      }
      return scores;
    }
  }

  private SmallTraining selecting(Choice choice) {
    SmallTraining training = SmallTraining.in(folder).withSteps(20);
    SmallTraining.writeText(training.data(), 20_000); // of which 1,000 are held out
    ModelConfig m = SmallTraining.model();
    return training.withModel(
        new ModelConfig(
            m.vocabulary(),
            COLUMNS,
            m.layers(),
            m.heads(),
            m.headSize(),
            place -> new Selecting(place.dModel(), choice),
            m.context(),
            m.memory(),
            m.dropout()));
  }

  private static List<TrainingEvent.Warning> warnings(SmallTraining training, Path run)
      throws IOException {
    SmallTraining.Recorder recorder = new SmallTraining.Recorder();
    training.start(run, recorder, new StopSignal());
    return recorder.of(TrainingEvent.Warning.class);
  }

  @Test
  void expertsThatCollapseAreToldOnceAndMeasuredAtEachValidation() throws IOException {
    List<TrainingEvent.Warning> warnings =
        warnings(selecting(Choice.FIRST), folder.resolve("collapsed"));

    assertEquals(1, warnings.size(), warnings::toString);
    String text = warnings.getFirst().text();
    assertTrue(
        text.startsWith(
            "Experts have collapsed by step 10: layer 0 uses its 16 experts as if they were"),
        text);
    assertTrue(text.contains("and 14 of them never; layer 1 uses"), text);
    List<JsonNode> validations = validations(folder.resolve("collapsed"));
    assertEquals(2, validations.size());
    for (JsonNode validation : validations) {
      assertEquals(14.0 / 16, validation.get("experts/layer1/deadShare").doubleValue());
      assertTrue(validation.get("experts/layer0/relativePerplexity").doubleValue() <= 2.0 / 16);
    }
  }

  @Test
  void expertsThatAreUsedAlikeAreMeasuredAndNotWarnedOf() throws IOException {
    assertEquals(List.of(), warnings(selecting(Choice.ANY), folder.resolve("even")));

    JsonNode validation = validations(folder.resolve("even")).getLast();
    assertTrue(validation.get("experts/layer0/relativePerplexity").doubleValue() > 0.7);
  }

  @Test
  void aFewTokensAreTooFewToJudgeExpertsBy() throws IOException {
    SmallTraining training =
        selecting(Choice.FIRST)
            .withPlans(new ValidationPlan(10, 64), new CheckpointPlan(0, 0, 1), 1);
    assertEquals(List.of(), warnings(training, folder.resolve("few")));
  }

  private static List<JsonNode> validations(Path run) throws IOException {
    return RunFiles.metrics(run).stream().filter(r -> r.has("validationLoss")).toList();
  }

  /** A learning rate that throws the model out of what it has learned. */
  @Test
  void aSpikeOfTheLossIsToldAlsoRightAfterARunIsResumed() throws IOException {
    SmallTraining training = SmallTraining.in(folder).withSteps(60).withLearningRate(0.01);
    assertEquals(List.of(), warnings(training, folder.resolve("run")));

    SmallTraining.Recorder recorder = new SmallTraining.Recorder();
    training
        .withSteps(75)
        .withLearningRate(1)
        .resume(folder.resolve("run"), recorder, new StopSignal());

    List<String> spikes =
        recorder.of(TrainingEvent.Warning.class).stream()
            .map(TrainingEvent.Warning::text)
            .filter(text -> text.contains("a spike"))
            .toList();
    assertEquals(1, spikes.stream().filter(text -> text.startsWith("The loss of step 6")).count());
    assertTrue(
        spikes.getFirst().contains(" times the median of the reports before it ("),
        spikes::toString);
  }

  @Test
  void aHealthyTrainingIsSilent() throws IOException {
    assertEquals(
        List.of(), warnings(SmallTraining.in(folder).withSteps(300), folder.resolve("run")));
  }
}
