package org.sigmoe.bench.peer;

import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.bench.model.ModelShape;

/** Attention against its formula, written as loops over doubles. */
class RelativeAttentionTest {
  private static final int WIDTH = 6;
  private static final int HEADS = 2;
  private static final int HEAD_DIM = 3;
  private static final int CONTEXT = 4;
  private static final int MEMORY = 5;
  private static final int BATCH = 2;
  private static final ModelShape SHAPE =
      new ModelShape(7, WIDTH, 1, HEADS, HEAD_DIM, 8, CONTEXT, MEMORY, BATCH, 0);

  @ParameterizedTest
  @CsvSource({
    "BATCHED_MATMUL, 0", "BATCHED_MATMUL, 3", "BATCHED_MATMUL, 5",
    "SCALED_DOT_PRODUCT, 0", "SCALED_DOT_PRODUCT, 3", "SCALED_DOT_PRODUCT, 5"
  })
  void outputIsThatOfTheFormula(AttentionKernel kernel, int memory) {
    manual_seed(5);
    try (PointerScope _ = new PointerScope();
        TorchParameters parameters = new TorchParameters(ParameterSpec.of(SHAPE));
        RelativePositions positions = new RelativePositions(SHAPE, ScalarType.Float)) {
      for (String bias : new String[] {"global_content_bias", "global_pos_bias"}) {
        Tensor zero = parameters.get("layers.0.self_attn." + bias).detach();
        zero.normal_(0, 1, new GeneratorOptional());
      }
      Tensor normed = randn(BATCH, memory + CONTEXT, WIDTH);
      var attention = new RelativeAttention(SHAPE, parameters, "layers.0.", positions, kernel);
      float[] actual = values(attention.forward(normed));
      double[] expected = byLoops(parameters, values(normed), memory);
      assertEquals(expected.length, actual.length);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[i], 1e-6, "value " + i);
      }
    }
  }

  private static double[] byLoops(TorchParameters parameters, float[] normed, int memory) {
    int seen = memory + CONTEXT;
    int inner = HEADS * HEAD_DIM;
    String prefix = "layers.0.self_attn.";
    float[] toQuery = values(parameters.get(prefix + "data_to_q.weight"));
    float[] toKeyValue = values(parameters.get(prefix + "data_to_kv.weight"));
    float[] toOffset = values(parameters.get(prefix + "pos_to_pq.weight"));
    float[] merge = values(parameters.get(prefix + "multi_head_merge.weight"));
    float[] contentBias = values(parameters.get(prefix + "global_content_bias"));
    float[] positionBias = values(parameters.get(prefix + "global_pos_bias"));
    double scale = values(parameters.get(prefix + "scale"))[0];
    double[] output = new double[BATCH * CONTEXT * WIDTH];
    for (int stream = 0; stream < BATCH; stream++) {
      for (int query = 0; query < CONTEXT; query++) {
        double[] joined = new double[inner];
        double[] q = times(toQuery, inner, row(normed, stream * seen + memory + query));
        for (int head = 0; head < HEADS; head++) {
          int visible = memory + query + 1;
          double[] weights = new double[visible];
          double sum = 0;
          for (int key = 0; key < visible; key++) {
            double[] kv = times(toKeyValue, 2 * inner, row(normed, stream * seen + key));
            double[] r = times(toOffset, inner, sinusoid(key - query - memory));
            double score = 0;
            for (int p = 0; p < HEAD_DIM; p++) {
              int hp = head * HEAD_DIM + p;
              score += (q[hp] + contentBias[hp]) * kv[2 * head * HEAD_DIM + p];
              score += (q[hp] + positionBias[hp]) * r[hp];
            }
            weights[key] = Math.exp(scale * score);
            sum += weights[key];
          }
          for (int key = 0; key < visible; key++) {
            double[] kv = times(toKeyValue, 2 * inner, row(normed, stream * seen + key));
            for (int p = 0; p < HEAD_DIM; p++) {
              joined[head * HEAD_DIM + p] += weights[key] / sum * kv[(2 * head + 1) * HEAD_DIM + p];
            }
          }
        }
        double[] merged = times(merge, WIDTH, joined);
        System.arraycopy(merged, 0, output, (stream * CONTEXT + query) * WIDTH, WIDTH);
      }
    }
    return output;
  }

  private static double[] sinusoid(int offset) {
    double[] values = new double[WIDTH];
    for (int i = 0; i < WIDTH / 2; i++) {
      double angle = offset * Math.pow(10000, -2.0 * i / WIDTH);
      values[2 * i] = Math.sin(angle);
      values[2 * i + 1] = Math.cos(angle);
    }
    return values;
  }

  private static double[] times(float[] matrix, int rows, double[] vector) {
    double[] product = new double[rows];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < vector.length; column++) {
        product[row] += matrix[row * vector.length + column] * vector[column];
      }
    }
    return product;
  }

  private static double[] row(float[] matrix, int row) {
    double[] values = new double[WIDTH];
    for (int column = 0; column < WIDTH; column++) {
      values[column] = matrix[row * WIDTH + column];
    }
    return values;
  }

  private static float[] values(Tensor tensor) {
    Tensor contiguous = tensor.detach().contiguous();
    float[] values = new float[Math.toIntExact(contiguous.numel())];
    new FloatPointer(contiguous.data_ptr()).get(values);
    return values;
  }
}
