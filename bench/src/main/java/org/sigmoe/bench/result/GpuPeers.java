package org.sigmoe.bench.result;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sigmoe.bench.shape.Dimension;
import org.sigmoe.bench.shape.Sizes;

/**
 * What others take for the same works on a GPU, measured with PyTorch elsewhere.
 *
 * @param device the card
 * @param software versions
 * @param source how the figures came about
 * @param rows the figures
 */
public record GpuPeers(String device, String software, String source, List<Figure> rows) {

  /**
   * One figure.
   *
   * @param work as ours are called
   * @param program whose code ran
   * @param precision in the program's own words
   * @param milliseconds on the wall clock, forward and backward
   * @param activationMegabytes held after the forward pass, 1e6 bytes; null where not measured
   * @param deviceMilliseconds sum of the kernels' times; null where not measured
   * @param replayMilliseconds of a CUDA graph; null where not measured
   */
  public record Figure(
      String work,
      int tokens,
      int dModel,
      int experts,
      int expertSize,
      int k,
      String program,
      String precision,
      double milliseconds,
      @Nullable Double activationMegabytes,
      @Nullable Double deviceMilliseconds,
      @Nullable Double replayMilliseconds) {

    private boolean isOf(String wanted, Sizes sizes) {
      return work.equals(wanted)
          && tokens == sizes.tokens()
          && dModel == sizes.get(Dimension.D_MODEL)
          && experts == sizes.get(Dimension.EXPERTS)
          && expertSize == sizes.get(Dimension.EXPERT_SIZE)
          && k == sizes.get(Dimension.K);
    }
  }

  /** The figures that come with this module. */
  public static GpuPeers load() throws IOException {
    try (InputStream json =
        Objects.requireNonNull(
            GpuPeers.class.getResourceAsStream("h100.json"), "figures of peers")) {
      return JsonMapper.builder().build().readValue(json, GpuPeers.class);
    }
  }

  /** The figures for a work at these sizes. */
  List<Figure> of(String work, Sizes sizes) {
    return rows.stream().filter(figure -> figure.isOf(work, sizes)).toList();
  }
}
