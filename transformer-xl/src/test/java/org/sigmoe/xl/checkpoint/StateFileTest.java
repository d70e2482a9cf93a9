package org.sigmoe.xl.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.checkpoint.FileDigest;
import org.sigmoe.nn.checkpoint.Storage;

class StateFileTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void aStateOfTheVersionThatCountedNoTokensIsRead() throws IOException {
    TrainingState state = SmallModel.state(20, 1.5);
    new StateFile(state, Map.of()).write(Storage.disk(), folder);
    assertEquals(state, StateFile.read(folder).state());

    Path file = folder.resolve(StateFile.NAME);
    ObjectNode root = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
    root.remove("sha256");
    root.put("version", 1);
    ((ObjectNode) root.get("state")).remove("tokensSeen");
    root.put("sha256", FileDigest.of(root.toString().getBytes(UTF_8)).sha256());
    Files.write(file, JSON.writeValueAsBytes(root));

    TrainingState old = StateFile.read(folder).state();
    assertNull(old.tokensSeen());
    assertEquals(20, old.step());
    assertEquals(1.5, old.validationLoss());
  }
}
