package org.sigmoe.nn.engine.reference;

import java.util.Arrays;
import java.util.List;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.op.AttentionWindow;
import org.sigmoe.nn.graph.op.RelativeAttention;

/** {@link RelativeAttention} and its gradient. */
final class RelativeAttentionReference {
  private final AttentionWindow window;
  private final Tensor q;
  private final Tensor kv;
  private final Tensor r;
  private final Tensor u;
  private final Tensor v;
  private final double scale;
  private final int length;
  private final int batch;
  private final int context;
  private final int memory;
  private final int heads;
  private final int headSize;

  private RelativeAttentionReference(AttentionWindow window, List<Tensor> operands) {
    this.window = window;
    q = operands.get(0);
    kv = operands.get(1);
    r = operands.get(2);
    u = operands.get(3);
    v = operands.get(4);
    scale = operands.get(5).at(0);
    length = operands.get(6).intAt(0);
    batch = q.shape().size(0);
    context = q.shape().size(1);
    memory = kv.shape().size(1) - context;
    heads = u.shape().size(0);
    headSize = u.shape().size(1);
  }

  static List<Tensor> forward(RelativeAttention op, List<Tensor> operands) {
    return new RelativeAttentionReference(op.window(), operands).forward();
  }

  static List<Tensor> gradient(RelativeAttention.Gradient op, List<Tensor> operands) {
    return new RelativeAttentionReference(op.window(), operands)
        .gradient(operands.get(7), operands.get(8), operands.get(9));
  }

  private List<Tensor> forward() {
    Tensor y = Tensor.zeros(q.shape());
    Tensor lse = Tensor.zeros(Shape.of(batch, heads, context));
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < context; i++) {
          double[] scores = visibleScores(b, h, i);
          double logSumExp = logSumExp(scores);
          lse.set(b, h, i, logSumExp);
          for (int j = firstVisible(i); j <= lastVisible(i); j++) {
            double weight = Math.exp(scores[j - firstVisible(i)] - logSumExp);
            for (int p = 0; p < headSize; p++) {
              y.add(b, i, h * headSize + p, weight * kv.at(b, j, valueColumn(h, p)));
            }
          }
        }
      }
    }
    return List.of(y, lse);
  }

  private List<Tensor> gradient(Tensor y, Tensor lse, Tensor dy) {
    Tensor dq = Tensor.zeros(q.shape());
    Tensor dkv = Tensor.zeros(kv.shape());
    Tensor dr = Tensor.zeros(r.shape());
    Tensor du = Tensor.zeros(u.shape());
    Tensor dv = Tensor.zeros(v.shape());
    Tensor dscale = Tensor.zeros(Shape.scalar());
    for (int b = 0; b < batch; b++) {
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < context; i++) {
          double mean = 0;
          for (int p = 0; p < headSize; p++) {
            mean += dy.at(b, i, h * headSize + p) * y.at(b, i, h * headSize + p);
          }
          for (int j = firstVisible(i); j <= lastVisible(i); j++) {
            double score = unscaledScore(b, h, i, j);
            double weight = Math.exp(scale * score - lse.at(b, h, i));
            double dweight = 0;
            for (int p = 0; p < headSize; p++) {
              double dyElement = dy.at(b, i, h * headSize + p);
              dweight += dyElement * kv.at(b, j, valueColumn(h, p));
              dkv.add(b, j, valueColumn(h, p), weight * dyElement);
            }
            double dscore = weight * (dweight - mean);
            dscale.add(0, dscore * score);
            for (int p = 0; p < headSize; p++) {
              int column = h * headSize + p;
              double query = q.at(b, i, column);
              double key = kv.at(b, j, keyColumn(h, p));
              double position = r.at(positionRow(i, j), column);
              dq.add(b, i, column, scale * dscore * (key + position));
              dkv.add(b, j, keyColumn(h, p), scale * dscore * (query + u.at(h, p)));
              dr.add(positionRow(i, j), column, scale * dscore * (query + v.at(h, p)));
              du.add(h, p, scale * dscore * key);
              dv.add(h, p, scale * dscore * position);
            }
          }
        }
      }
    }
    return List.of(dq, dkv, dr, du, dv, dscale);
  }

  private double[] visibleScores(int b, int h, int i) {
    double[] scores = new double[lastVisible(i) - firstVisible(i) + 1];
    Arrays.setAll(scores, n -> scale * unscaledScore(b, h, i, firstVisible(i) + n));
    return scores;
  }

  private static double logSumExp(double[] scores) {
    double largest = Arrays.stream(scores).max().orElseThrow();
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp(score - largest);
    }
    return largest + Math.log(sum);
  }

  private double unscaledScore(int b, int h, int i, int j) {
    double score = 0;
    for (int p = 0; p < headSize; p++) {
      int column = h * headSize + p;
      double query = q.at(b, i, column);
      score += (query + u.at(h, p)) * kv.at(b, j, keyColumn(h, p));
      score += (query + v.at(h, p)) * r.at(positionRow(i, j), column);
    }
    return score;
  }

  private int firstVisible(int i) {
    int filled = memory - length;
    return switch (window) {
      case MEMORY -> filled;
      case SLIDING -> Math.max(filled, i);
    };
  }

  private int lastVisible(int i) {
    return i + memory;
  }

  private int positionRow(int i, int j) {
    return j - i + context - 1;
  }

  private int keyColumn(int h, int p) {
    return h * 2 * headSize + p;
  }

  private int valueColumn(int h, int p) {
    return h * 2 * headSize + headSize + p;
  }
}
