package org.sigmoe.nn.testing.golden;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden tests fail where they should. */
class GoldenHarnessTest {
  private static final String BOTH = "{\"a\": [\"float32\", [2]], \"zero\": [\"float32\", [1]]}";

  @TempDir Path folder;

  @BeforeEach
  void writeTensors() throws IOException {
    String header =
        """
        {"f/c/a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},\
        "f/c/zero":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""";
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + text.length + 12).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text).putFloat(4).putFloat(-100).putFloat(0);
    Files.write(folder.resolve("t.safetensors"), file.array());
  }

  private GoldenCase golden(String family, String tensors) throws JsonProcessingException {
    JsonNode description =
        new ObjectMapper().readTree("{\"due\": \"foundation\", \"tensors\": " + tensors + "}");
    return new GoldenCase(family, "c", description, folder.resolve("t.safetensors"), "f/c/");
  }

  @Test
  void differencesAreMeasuredAgainstTheLargestMagnitude() throws Exception {
    try (GoldenTensors tensors = new GoldenTensors(golden("f", BOTH))) {
      tensors.compare("a", 4.0019f, -100f);
      AssertionError failure =
          assertThrows(AssertionError.class, () -> tensors.compare("a", 4.0021f, -100f));
      assertTrue(failure.getMessage().contains("f/c: a[0]"), failure.getMessage());
    }
  }

  @Test
  void zeroMustBeExactlyZero() throws Exception {
    try (GoldenTensors tensors = new GoldenTensors(golden("f", BOTH))) {
      tensors.compare("zero", 0f);
      assertThrows(AssertionError.class, () -> tensors.compare("zero", 1e-30f));
    }
  }

  @Test
  void whatIsNotANumberFails() throws Exception {
    try (GoldenTensors tensors = new GoldenTensors(golden("f", BOTH))) {
      assertThrows(AssertionError.class, () -> tensors.compare("a", 4f, Float.NaN));
      assertThrows(AssertionError.class, () -> tensors.compare("zero", Float.NaN));
    }
  }

  @Test
  void aTensorNeitherUsedNorComparedFails() throws Exception {
    try (GoldenTensors tensors = new GoldenTensors(golden("f", BOTH))) {
      tensors.floats("a");
      AssertionError failure = assertThrows(AssertionError.class, tensors::requireAllUsed);
      assertTrue(failure.getMessage().contains("compared: [zero]"), failure.getMessage());
      tensors.compare("zero", 0f);
      tensors.requireAllUsed();
    }
  }

  @Test
  void aTensorThatTheFileLacksOrHasInAnotherShapeFails() throws Exception {
    String other = "{\"a\": [\"float32\", [1, 2]], \"b\": [\"float32\", [1]]}";
    try (GoldenTensors tensors = new GoldenTensors(golden("f", other))) {
      assertThrows(AssertionError.class, () -> tensors.floats("a"));
      assertThrows(AssertionError.class, () -> tensors.floats("b"));
    }
  }

  @Test
  void whatIsSelectedIsComparedWhateverItsOrder() throws Exception {
    String header =
        """
        {"f/c/i":{"dtype":"I64","shape":[2,2],"data_offsets":[0,32]},\
        "f/c/w":{"dtype":"F32","shape":[2,2],"data_offsets":[32,48]}}""";
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + text.length + 48).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text).putLong(3).putLong(1).putLong(0).putLong(2);
    file.putFloat(0.5f).putFloat(0.25f).putFloat(1).putFloat(2);
    Files.write(folder.resolve("t.safetensors"), file.array());
    String both = "{\"i\": [\"int64\", [2, 2]], \"w\": [\"float32\", [2, 2]]}";
    try (GoldenTensors tensors = new GoldenTensors(golden("f", both))) {
      int[] swapped = {1, 3, 0, 2};
      tensors.compareSelected("i", swapped, Map.of("w", new float[] {0.25f, 0.5f, 1, 2}));
      tensors.requireAllUsed();
      Map<String, float[]> otherWeights = Map.of("w", new float[] {0.5f, 0.25f, 1, 2});
      assertThrows(AssertionError.class, () -> tensors.compareSelected("i", swapped, otherWeights));
      assertThrows(
          AssertionError.class,
          () -> tensors.compareSelected("i", new int[] {1, 0, 0, 2}, Map.of()));
      assertThrows(
          AssertionError.class,
          () -> tensors.compareSelected("i", new int[] {1, 0, 3, 2}, Map.of()));
    }
  }

  /** A case of another family would be run by no module. */
  @Test
  void everyFamilyOfCasesIsKnown() throws Exception {
    Set<String> known = Set.of("moe", "moe_paper", "optim", "pkm", "topk", "txl");
    for (GoldenSet set : GoldenSet.all()) {
      for (String work : List.of("foundation", "families")) {
        set.due(work)
            .forEach(
                golden -> assertTrue(known.contains(golden.family()), set + " holds " + golden));
      }
    }
  }
}
