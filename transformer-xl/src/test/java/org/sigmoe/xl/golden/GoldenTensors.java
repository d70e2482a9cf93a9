package org.sigmoe.xl.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
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
final class GoldenTensors implements AutoCloseable {
  /** Largest difference, as a fraction of the golden tensor's largest magnitude. */
  private static final double TOLERANCE = 2e-5;

  private final GoldenCase golden;
  private final SafetensorsReader reader;
  private final Map<String, List<Long>> listed;
  private final Set<String> used = new HashSet<>();

  GoldenTensors(GoldenCase golden) throws CheckpointException {
    this.golden = golden;
    this.reader = SafetensorsReader.open(golden.file());
    this.listed = golden.tensors();
  }

  /** A tensor of floats, taken as an input. */
  float[] floats(String name) {
    return take(name).toFloats();
  }

  /** A tensor of integers, taken as an input. */
  long[] integers(String name) {
    return take(name).toLongs();
  }

  /** Compares a tensor of floats with ours. */
  void compare(String name, float... ours) {
    double[] wide = new double[ours.length];
    for (int i = 0; i < ours.length; i++) {
      wide[i] = ours[i];
    }
    compare(name, wide);
  }

  /** Compares a tensor of floats with ours. */
  void compare(String name, double... ours) {
    double[] expected = take(name).toDoubles();
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
  void compareIntegers(String name, long... ours) {
    assertArrayEquals(take(name).toLongs(), ours, golden + ": " + name);
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
  void requireAllUsed() {
    List<String> unused = new ArrayList<>(listed.keySet());
    unused.removeAll(used);
    assertTrue(unused.isEmpty(), golden + ": neither input nor compared: " + unused);
  }

  @Override
  public void close() {
    reader.close();
  }
}
