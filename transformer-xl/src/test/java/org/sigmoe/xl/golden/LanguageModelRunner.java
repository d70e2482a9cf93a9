package org.sigmoe.xl.golden;

import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.testing.EngineSession;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenRunner;
import org.sigmoe.nn.testing.golden.GoldenTensors;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.model.TrainingGraph;

/** The whole model over several segments: logits, losses, every gradient, carried memory. */
final class LanguageModelRunner implements GoldenRunner {

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
                new DenseConfig(golden.hyper("dff")),
                context,
                golden.hyper("n_prev_states") * context,
                0));
    TrainingGraph step = TrainingGraph.withoutUpdate(model, batch);
    step.gradients().values().forEach(step.graph()::output);
    Value logits =
        step.graph().output(GoldenRunner.only(step.graph(), CrossEntropy.class).operand(0));
    GoldenRunner.writeParameters(model, "", tensors, session);
    try (EngineSession.Run run = session.compile(step.graph())) {
      run.feed(step.dropoutKey(), 0, 0);
      int seen = 0;
      for (int segment = 0; segment < golden.count("seg"); segment++) {
        String name = "seg" + segment + ".";
        run.feed(step.tokens(), rowsFirst(tensors.integers(name + "tokens"), context, batch))
            .feed(step.targets(), rowsFirst(tensors.integers(name + "targets"), context, batch))
            .feed(step.memoryFilled(), seen)
            .run();
        float meanNll = run.fetch(step.meanNll())[0];
        tensors.compare(name + "logits", timeFirst(run.fetch(logits), batch, context, vocabulary));
        tensors.compare(name + "ce", meanNll);
        // A dense model has no regulariser; the paper's code reports the integer 0 for it.
        tensors.compareIntegers(name + "reg", 0);
        tensors.compare(name + "loss", meanNll);
        GoldenRunner.compareGradients(model, "", name, tensors, step.gradients(), run);
        seen = step.memory().filledAfter(seen, context);
        compareMemory(name, tensors, step, session, seen);
      }
    }
  }

  /** Our memory holds the golden states, oldest first, in its last {@code filled} positions. */
  private static void compareMemory(
      String segment,
      GoldenTensors tensors,
      TrainingGraph step,
      EngineSession session,
      int filled) {
    int batch = step.memory().batch();
    int length = step.memory().length();
    int context = step.tokens().shape().size(1);
    for (int layer = 0; layer < step.memory().layers().size(); layer++) {
      float[] memory = session.read(step.memory().layers().get(layer));
      int columns = memory.length / (batch * length);
      for (int state = 0; state < filled / context; state++) {
        float[] ours = new float[batch * context * columns];
        int begin = length - filled + state * context;
        for (int row = 0; row < batch; row++) {
          System.arraycopy(
              memory,
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
