package org.sigmoe.xl.golden;

import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.testing.EngineSession;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenRunner;
import org.sigmoe.nn.testing.golden.GoldenTensors;
import org.sigmoe.xl.model.EvaluationGraph;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.Memory;
import org.sigmoe.xl.model.MemoryKind;

/**
 * Evaluation as the paper's code does it: each token sees as many positions before it as memory
 * holds, wherever it stands in its segment. Ours lets a token see all of memory, as both do in
 * training; token by token, in segments of one, the two are the same.
 *
 * <p>Gradients of such an evaluation across tokens are left out: nothing here needs them, and they
 * would stop at segments of one.
 */
final class SlidingEvaluation {
  private final LanguageModel model;
  private final Memory memory;
  private final EvaluationGraph graph;
  private final Value logits;

  SlidingEvaluation(LanguageModel model, int batch) {
    this.model = model;
    this.memory = model.memory(MemoryKind.LAYER_INPUTS, batch, model.config().memory());
    this.graph = EvaluationGraph.of(model, 1, memory);
    this.logits =
        graph.graph().output(GoldenRunner.only(graph.graph(), CrossEntropy.class).operand(0));
  }

  /** Compares logits, losses and memory of all segments. */
  void run(GoldenCase golden, GoldenTensors tensors, EngineSession session) {
    int context = model.config().context();
    try (EngineSession.Run run = session.compile(graph.graph())) {
      int seen = 0;
      for (int segment = 0; segment < golden.count("seg"); segment++) {
        String name = "seg" + segment + ".";
        long[] tokens = tensors.integers(name + "tokens");
        long[] targets = tensors.integers(name + "targets");
        float[] found = new float[tokens.length * model.config().vocabulary()];
        double nll = 0;
        for (int time = 0; time < context; time++) {
          run.feed(graph.tokens(), at(time, tokens))
              .feed(graph.targets(), at(time, targets))
              .feed(graph.memoryFilled(), seen)
              .run();
          float[] now = run.fetch(logits);
          System.arraycopy(now, 0, found, time * now.length, now.length);
          nll += run.fetch(graph.meanNll())[0];
          seen = memory.filledAfter(seen, 1);
        }
        tensors.compare(name + "logits", found);
        tensors.compare(name + "ce", nll / context);
        tensors.compare(name + "loss", nll / context);
        tensors.compareIntegers(name + "reg", 0);
        LanguageModelRunner.compareMemory(name, tensors, memory, context, session, seen);
        leaveOutGradients(segment, golden, tensors);
      }
    }
  }

  private void leaveOutGradients(int segment, GoldenCase golden, GoldenTensors tensors) {
    if (segment > 0) {
      golden.tensors().keySet().stream()
          .filter(tensor -> tensor.startsWith("seg" + segment + ".grad_"))
          .forEach(tensors::leaveOut);
    }
  }

  /** Of [T, B] what belongs to a time, as [B, 1]. */
  private int[] at(int time, long[] timeFirst) {
    int[] now = new int[memory.batch()];
    for (int row = 0; row < now.length; row++) {
      now[row] = Math.toIntExact(timeFirst[time * now.length + row]);
    }
    return now;
  }
}
