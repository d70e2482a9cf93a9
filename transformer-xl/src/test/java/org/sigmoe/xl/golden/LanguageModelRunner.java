package org.sigmoe.xl.golden;

import java.util.Map;
import java.util.Optional;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.AttentionWindow;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.layer.FeedForwardConfig;
import org.sigmoe.nn.layer.Parameter;
import org.sigmoe.nn.layer.ParameterGradients;
import org.sigmoe.nn.testing.EngineSession;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenRunner;
import org.sigmoe.nn.testing.golden.GoldenTensors;
import org.sigmoe.xl.model.Batch;
import org.sigmoe.xl.model.EvaluationGraph;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.Memory;
import org.sigmoe.xl.model.MemoryKind;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.model.TrainingGraph;

/**
 * The whole model, with any feed-forward block, over several segments: logits, losses, every
 * gradient, carried memory. In training, or where the case says so in evaluation, whose window
 * slides in the paper's code.
 */
public final class LanguageModelRunner implements GoldenRunner {
  private final FeedForwardConfig feedForward;

  /** For models with these blocks. */
  public LanguageModelRunner(FeedForwardConfig feedForward) {
    this.feedForward = feedForward;
  }

  @Override
  public void run(GoldenCase golden, GoldenTensors tensors, EngineSession session) {
    int batch = golden.hyper("B");
    int context = golden.hyper("T");
    int vocabulary = golden.hyper("vocab");
    LanguageModel model =
        new LanguageModel(
            new ModelConfig(
                vocabulary,
                golden.hyper("d"),
                golden.hyper("layers"),
                golden.hyper("heads"),
                golden.hyper("projection_size"),
                feedForward,
                context,
                golden.hyper("n_prev_states") * context,
                0));
    Step step =
        golden.hyperFlag("train", true)
            ? Step.training(model, batch)
            : Step.evaluation(model, batch);
    GoldenRunner.writeParameters(model, "", tensors, session);
    try (EngineSession.Run run = session.compile(step.graph())) {
      step.dropoutKey().ifPresent(key -> run.feed(key, 0, 0));
      int seen = 0;
      for (int segment = 0; segment < golden.count("seg"); segment++) {
        String name = "seg" + segment + ".";
        run.feed(step.tokens(), rowsFirst(tensors.integers(name + "tokens"), context, batch))
            .feed(step.targets(), rowsFirst(tensors.integers(name + "targets"), context, batch))
            .feed(step.memoryFilled(), seen)
            .run();
        float[] logits = timeFirst(run.fetch(step.logits()), batch, context, vocabulary);
        tensors.compare(name + "logits", logits);
        compareLosses(name, tensors, step, run);
        GoldenRunner.compareGradients(model, "", name, tensors, step.gradients(), run);
        seen = step.memory().filledAfter(seen, context);
        compareMemory(name, tensors, step.memory(), context, session, seen);
      }
    }
  }

  private static void compareLosses(
      String segment, GoldenTensors tensors, Step step, EngineSession.Run run) {
    double meanNll = run.fetch(step.meanNll())[0];
    tensors.compare(segment + "ce", meanNll);
    if (step.auxiliaryLoss().isPresent()) {
      double auxiliaryLoss = run.fetch(step.auxiliaryLoss().get())[0];
      tensors.compare(segment + "reg", auxiliaryLoss);
      tensors.compare(segment + "loss", meanNll + auxiliaryLoss);
    } else {
      // Without a regulariser the paper's code reports the integer 0 for it.
      tensors.compareIntegers(segment + "reg", 0);
      tensors.compare(segment + "loss", meanNll);
    }
  }

  /** A graph of the model with the gradients of its loss. */
  private record Step(
      Graph graph,
      Memory memory,
      Value tokens,
      Value targets,
      Value memoryFilled,
      Optional<Value> dropoutKey,
      Value logits,
      Value meanNll,
      Optional<Value> auxiliaryLoss,
      Map<Parameter, Value> gradients) {

    static Step training(LanguageModel model, int batch) {
      TrainingGraph training = TrainingGraph.withoutUpdate(model, Batch.whole(batch));
      TrainingGraph.MicroBatch whole = training.parts().getFirst();
      training.gradients().values().forEach(training.graph()::output);
      return new Step(
          training.graph(),
          whole.memory(),
          whole.tokens(),
          whole.targets(),
          training.memoryFilled(),
          Optional.of(training.dropoutKey()),
          logits(training.graph()),
          training.meanNll(),
          training.auxiliaryLoss(),
          training.gradients());
    }

    static Step evaluation(LanguageModel model, int batch) {
      Memory memory =
          model
              .memory(MemoryKind.LAYER_INPUTS, batch, model.config().memory())
              .withWindow(AttentionWindow.SLIDING);
      EvaluationGraph evaluation = EvaluationGraph.of(model, model.config().context(), memory);
      Graph graph = evaluation.graph();
      Map<Parameter, Value> gradients =
          ParameterGradients.of(evaluation.meanNll(), model.parameters());
      gradients.values().forEach(graph::output);
      return new Step(
          graph,
          memory,
          evaluation.tokens(),
          evaluation.targets(),
          evaluation.memoryFilled(),
          Optional.empty(),
          logits(graph),
          evaluation.meanNll(),
          Optional.empty(),
          gradients);
    }

    private static Value logits(Graph graph) {
      return graph.output(GoldenRunner.only(graph, CrossEntropy.class).operand(0));
    }
  }

  /** Our memory holds the golden states, oldest first, in its last {@code filled} positions. */
  private static void compareMemory(
      String segment,
      GoldenTensors tensors,
      Memory memory,
      int context,
      EngineSession session,
      int filled) {
    int batch = memory.batch();
    int length = memory.length();
    for (int layer = 0; layer < memory.layers().size(); layer++) {
      float[] contents = session.read(memory.layers().get(layer));
      int columns = contents.length / (batch * length);
      for (int state = 0; state < filled / context; state++) {
        float[] ours = new float[batch * context * columns];
        int begin = length - filled + state * context;
        for (int row = 0; row < batch; row++) {
          System.arraycopy(
              contents,
              (row * length + begin) * columns,
              ours,
              row * context * columns,
              context * columns);
        }
        tensors.compare(segment + "state" + layer + "." + state, ours);
      }
    }
  }

  /** [T, B] to [B, T]. */
  private static int[] rowsFirst(long[] tokens, int context, int batch) {
    int[] transposed = new int[tokens.length];
    for (int time = 0; time < context; time++) {
      for (int row = 0; row < batch; row++) {
        transposed[row * context + time] = Math.toIntExact(tokens[time * batch + row]);
      }
    }
    return transposed;
  }

  /** [B, T, C] to [T, B, C]. */
  private static float[] timeFirst(float[] values, int batch, int context, int columns) {
    float[] transposed = new float[values.length];
    for (int row = 0; row < batch; row++) {
      for (int time = 0; time < context; time++) {
        int from = (row * context + time) * columns;
        int to = (time * batch + row) * columns;
        System.arraycopy(values, from, transposed, to, columns);
      }
    }
    return transposed;
  }
}
