package org.sigmoe.xl.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.ShiftMemory;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.testing.EngineSession;
import org.sigmoe.nn.testing.golden.GoldenCase;
import org.sigmoe.nn.testing.golden.GoldenRunner;
import org.sigmoe.nn.testing.golden.GoldenTensors;
import org.sigmoe.xl.model.ModelConfig;
import org.sigmoe.xl.model.RelativeAttentionLayer;
import org.sigmoe.xl.model.SinusoidalPositions;

/**
 * Attention alone, without norm and residual, over several segments, and its probabilities. These
 * are no result of our op; they are read out by running it again with the unit vectors as values.
 */
final class AttentionRunner implements GoldenRunner {
  private static final String NAME = "attention";

  @Override
  public void run(GoldenCase golden, GoldenTensors tensors, EngineSession session) {
    int context = golden.hyper("T");
    compareMask(tensors, context);
    ModelConfig config =
        new ModelConfig(
            2,
            golden.hyper("d"),
            1,
            golden.hyper("heads"),
            golden.hyper("projection_size"),
            new DenseConfig(1),
            context,
            context,
            0);
    RelativeAttentionLayer layer = new RelativeAttentionLayer(NAME, config);
    LayerRunner.SegmentGraph step =
        new LayerRunner.SegmentGraph(
            config,
            golden.hyper("B"),
            layer,
            (build, x, past) -> {
              ShiftMemory.of(past.contents(), x);
              Value positions =
                  SinusoidalPositions.table(build.graph(), 2 * context, config.dModel());
              return layer.apply(
                  build,
                  layer.queries(build, x),
                  layer.keysAndValues(build, Concat.of(past.contents(), x)),
                  layer.positionKeys(build, positions),
                  past);
            });
    Node attention = GoldenRunner.only(step.graph, RelativeAttention.class);
    List<Value> projected = attention.operands().subList(0, 3);
    projected.forEach(step.graph::output);
    GoldenRunner.writeParameters(layer, NAME + ".", tensors, session);
    try (Probabilities probabilities = new Probabilities(attention, session)) {
      step.run(
          golden,
          tensors,
          session,
          NAME + ".",
          (segment, run) -> {
            List<float[]> operands = new ArrayList<>();
            projected.forEach(value -> operands.add(run.fetch(value)));
            attention.operands().subList(3, 6).stream()
                .map(value -> ((Value.Held) value.origin()).variable())
                .forEach(variable -> operands.add(session.read(variable)));
            int filled = segment == 0 ? 0 : context;
            tensors.compare(
                "seg" + segment + ".probs", probabilities.of(operands, filled, context));
          });
    }
  }

  /** The paper's mask over the current segment: 1 where a key is hidden because it comes later. */
  private static void compareMask(GoldenTensors tensors, int context) {
    long[] hidden = new long[context * context];
    for (int query = 0; query < context; query++) {
      for (int key = query + 1; key < context; key++) {
        hidden[query * context + key] = 1;
      }
    }
    tensors.compareIntegers("mask", hidden);
  }

  /** Reads probabilities out of the op. */
  private static final class Probabilities implements AutoCloseable {
    private final RelativeAttention.Sizes sizes;
    private final List<Value> inputs = new ArrayList<>();
    private final Value y;
    private final EngineSession.Run run;

    Probabilities(Node attention, EngineSession session) {
      this.sizes = RelativeAttention.sizes(attention);
      Graph graph = new Graph();
      attention.operands().forEach(value -> inputs.add(graph.input(value.name(), value.type())));
      this.y =
          graph.output(
              graph
                  .apply(new RelativeAttention(sizes.window()), inputs.toArray(Value[]::new))
                  .result(0));
      this.run = session.compile(graph);
    }

    /** [B, H, T, filled + T]; what lies before those keys must be exactly 0. */
    float[] of(List<float[]> operands, int filled, int context) {
      for (int i = 0; i < operands.size(); i++) {
        run.feed(inputs.get(i), operands.get(i));
      }
      run.feed(inputs.getLast(), filled);
      int visible = filled + context;
      int hidden = sizes.keys() - visible;
      float[] found = new float[sizes.batch() * sizes.heads() * context * visible];
      for (int first = 0; first < sizes.keys(); first += sizes.headSize()) {
        run.feed(inputs.get(1), withUnitValues(operands.get(1), first)).run();
        float[] columns = run.fetch(y);
        for (int row = 0; row < sizes.batch() * sizes.heads() * context; row++) {
          int query = row % context;
          int head = row / context % sizes.heads();
          int batch = row / context / sizes.heads();
          for (int column = 0; column < sizes.headSize(); column++) {
            int key = first + column;
            int source =
                (batch * context + query) * sizes.width() + head * sizes.headSize() + column;
            if (key < hidden) {
              assertEquals(0, columns[source], "probability of an empty memory position");
            } else if (key < sizes.keys()) {
              found[row * visible + key - hidden] = columns[source];
            }
          }
        }
      }
      return found;
    }

    /** kv with, for every head, value column c set to 1 at key first + c and to 0 elsewhere. */
    private float[] withUnitValues(float[] keysAndValues, int first) {
      float[] changed = keysAndValues.clone();
      for (int row = 0; row < sizes.batch() * sizes.keys(); row++) {
        for (int head = 0; head < sizes.heads(); head++) {
          for (int column = 0; column < sizes.headSize(); column++) {
            int index = (row * sizes.heads() + head) * 2 * sizes.headSize();
            changed[index + sizes.headSize() + column] =
                row % sizes.keys() == first + column ? 1 : 0;
          }
        }
      }
      return changed;
    }

    @Override
    public void close() {
      run.close();
    }
  }
}
