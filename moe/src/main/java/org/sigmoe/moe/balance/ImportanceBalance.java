package org.sigmoe.moe.balance;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.sigmoe.moe.router.Routing;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.Mean;
import org.sigmoe.nn.graph.op.Multiply;
import org.sigmoe.nn.graph.op.Scale;
import org.sigmoe.nn.graph.op.ScatterColumns;
import org.sigmoe.nn.graph.op.SumRows;

/**
 * Weight times the coefficient of variation (standard deviation over mean) of the experts'
 * importance, which is the sum of an expert's weights over the batch (Shazeer et al. 2017; Csordas
 * et al. 2023, eq. 14). The weights of a token must sum to 1, so that the mean is N / E.
 *
 * @param weight at least 0; 0 for no loss
 */
public record ImportanceBalance(double weight) implements Balance {

  /** Checks the weight, which users call {@code importance}. */
  public ImportanceBalance {
    Weights.check("importance", weight);
  }

  @Override
  public @Nullable Value loss(Routing routing, Value counts) {
    if (weight == 0) {
      return null;
    }
    int experts = counts.shape().columns();
    double mean = (double) routing.weights().shape().rows() / experts;
    Value spread = ScatterColumns.of(routing.weights(), routing.experts(), experts);
    Value deviation =
        Add.of(SumRows.of(spread), everywhere(counts.graph(), experts, (float) -mean));
    Value variance = Mean.of(Multiply.of(deviation, deviation));
    Value standard = Activate.of(Activation.SQRT, variance, null, null);
    return Scale.of(standard, (float) (weight / mean));
  }

  private static Value everywhere(Graph graph, int size, float element) {
    float[] elements = new float[size];
    Arrays.fill(elements, element);
    return graph.constant("mean importance", Shape.of(size), () -> elements);
  }
}
