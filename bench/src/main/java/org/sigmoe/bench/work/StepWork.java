package org.sigmoe.bench.work;

import static org.sigmoe.bench.shape.Dimension.BATCH;
import static org.sigmoe.bench.shape.Dimension.CONTEXT;
import static org.sigmoe.bench.shape.Dimension.D_FEED_FORWARD;
import static org.sigmoe.bench.shape.Dimension.D_MODEL;
import static org.sigmoe.bench.shape.Dimension.HEADS;
import static org.sigmoe.bench.shape.Dimension.HEAD_SIZE;
import static org.sigmoe.bench.shape.Dimension.LAYERS;
import static org.sigmoe.bench.shape.Dimension.MEMORY;
import static org.sigmoe.bench.shape.Dimension.VOCABULARY;

import org.sigmoe.bench.model.ModelShape;
import org.sigmoe.bench.model.SigmoeTransformerXl;
import org.sigmoe.bench.model.Training;
import org.sigmoe.bench.shape.PaperShape;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.Graph;

/**
 * A whole training step of a language model: tokens in, forward, backward, clipping, Adam, loss
 * out.
 */
public record StepWork(Family family) implements Work {

  @Override
  public String label() {
    return "step/" + family.label();
  }

  /** The model, dense blocks included where the family is another. */
  public ModelShape shape(Sizes sizes) {
    return new ModelShape(
        sizes.get(VOCABULARY),
        sizes.get(D_MODEL),
        sizes.get(LAYERS),
        sizes.get(HEADS),
        sizes.get(HEAD_SIZE),
        sizes.get(D_FEED_FORWARD),
        sizes.get(CONTEXT),
        sizes.get(MEMORY),
        sizes.get(BATCH),
        dropout(sizes.base()));
  }

  private static double dropout(PaperShape base) {
    return switch (base) {
      case TINY -> 0;
      case WT_S, WT_S_STACK, E8, FIGURE -> 0.1;
      case WT_B -> 0.2;
    };
  }

  @Override
  public Graph graph(Sizes sizes) {
    return SigmoeTransformerXl.graph(shape(sizes), family.config(sizes), Training.of(Precision.F32))
        .graph();
  }
}
