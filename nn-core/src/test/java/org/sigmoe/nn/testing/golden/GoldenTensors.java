package org.sigmoe.nn.testing.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.NamedTensor;
import org.sigmoe.nn.checkpoint.SafetensorsReader;

/**
 * The tensors of a case: each is either taken as an input or compared with ours, and {@link
 * #requireAllUsed} fails if one was neither.
 */
public final class GoldenTensors implements AutoCloseable {
  /** Largest difference, as a fraction of the golden tensor's largest magnitude. */
  private static final double TOLERANCE = 2e-5;

  private final GoldenCase golden;
  private final SafetensorsReader reader;
  private final Map<String, List<Long>> listed;
  private final Set<String> used = new HashSet<>();

  public GoldenTensors(GoldenCase golden) throws CheckpointException {
    this.golden = golden;
    this.reader = SafetensorsReader.open(golden.file());
    this.listed = golden.tensors();
  }

  /** A tensor of floats, taken as an input. */
  public float[] floats(String name) {
    return take(name).toFloats();
  }

  /** A tensor of integers, taken as an input. */
  public long[] integers(String name) {
    return take(name).toLongs();
  }

  /** Compares a tensor of floats with ours. */
  public void compare(String name, float... ours) {
    compare(name, widened(ours));
  }

  /** Compares a tensor of floats with ours. */
  public void compare(String name, double... ours) {
    compare(name, take(name).toDoubles(), ours);
  }

  private void compare(String name, double[] expected, double... ours) {
    assertEquals(expected.length, ours.length, golden + ": number of elements of " + name);
    double largest = 0;
    double difference = 0;
    int where = 0;
    for (int i = 0; i < expected.length; i++) {
      assertTrue(Double.isFinite(ours[i]), "%s: %s[%d] is %s".formatted(golden, name, i, ours[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
      if (Math.abs(ours[i] - expected[i]) > difference) {
        difference = Math.abs(ours[i] - expected[i]);
        where = i;
      }
    }
    assertTrue(
        difference <= TOLERANCE * largest,
        "%s: %s[%d] differs by %.3g, %.3g of the tensor's largest magnitude: expected %s, got %s"
            .formatted(
                golden,
                name,
                where,
                difference,
                difference / largest,
                expected[where],
                ours[where]));
  }

  /** Compares a tensor of integers with ours. */
  public void compareIntegers(String name, long... ours) {
    assertArrayEquals(take(name).toLongs(), ours, golden + ": " + name);
  }

  /**
   * Compares what was selected, whatever its order within a row: the indices as sets, and what
   * belongs to them by index.
   *
   * @param indices names the golden indices [.., K]
   * @param ours our indices, in the same shape
   * @param belonging our tensors by golden name, each [.., K] or [.., K, more]; the first decides
   *     between equal indices of a row
   */
  public void compareSelected(String indices, int[] ours, Map<String, float[]> belonging) {
    NamedTensor golden = take(indices);
    int slots = Math.toIntExact(golden.spec().shape().getLast());
    Map<String, double[]> expected = new LinkedHashMap<>();
    Map<String, double[]> found = new LinkedHashMap<>();
    belonging.forEach(
        (name, values) -> {
          expected.put(name, take(name).toDoubles());
          found.put(name, widened(values));
        });
    Selection theirs = Selection.of(golden.toLongs(), slots, expected);
    Selection mine = Selection.of(Arrays.stream(ours).asLongStream().toArray(), slots, found);
    assertArrayEquals(theirs.indices(), mine.indices(), this.golden + ": sets of " + indices);
    expected
        .keySet()
        .forEach(
            name ->
                compare(name, theirs.ordered(expected.get(name)), mine.ordered(found.get(name))));
  }

  private static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private NamedTensor take(String name) {
    assertTrue(listed.containsKey(name), golden + " lists no tensor " + name);
    used.add(name);
    try {
      NamedTensor tensor = reader.tensor(golden.prefix() + name);
      assertEquals(listed.get(name), tensor.spec().shape(), golden + ": shape of " + name);
      return tensor;
    } catch (CheckpointException e) {
      throw new AssertionError(golden + ": " + e.getMessage(), e);
    }
  }

  /** Fails if a listed tensor was neither an input nor compared. */
  public void requireAllUsed() {
    List<String> unused = new ArrayList<>(listed.keySet());
    unused.removeAll(used);
    assertTrue(unused.isEmpty(), golden + ": neither input nor compared: " + unused);
  }

  @Override
  public void close() {
    reader.close();
  }
}
