package org.sigmoe.xl.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.FileDigest;
import org.sigmoe.nn.checkpoint.Storage;

/**
 * The file that makes a folder a checkpoint: the training state, what the tensor files held when
 * they were written, and a checksum over all that. It is written last.
 *
 * @param state the training state
 * @param files size and SHA-256 of each tensor file by its name
 */
record StateFile(TrainingState state, Map<String, FileDigest> files) {

  static final String NAME = "state.json";

  private static final String FORMAT = "sigmoe-checkpoint";
  private static final int VERSION = 2;
  private static final String CHECKSUM = "sha256";
  private static final long MAX_BYTES = 1 << 20;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  StateFile {
    files = Map.copyOf(files);
  }

  /** Writes the file into the folder of a checkpoint. */
  void write(Storage storage, Path folder) throws CheckpointException {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("version", VERSION);
    root.set("state", JSON.valueToTree(state));
    root.set("files", JSON.valueToTree(new TreeMap<>(files)));
    root.put(CHECKSUM, checksum(root));
    AtomicFile.write(
        storage,
        folder.resolve(NAME),
        channel -> channel.write(ByteBuffer.wrap(JSON.writeValueAsBytes(root))));
  }

  /**
   * Reads the file of a checkpoint.
   *
   * @throws CheckpointException if it cannot be read, was altered, or is of another version
   */
  static StateFile read(Path folder) throws CheckpointException {
    Path file = folder.resolve(NAME);
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new CheckpointException(file + " is damaged: it is far too long for a run state");
      }
      JsonNode node = JSON.readTree(Files.readAllBytes(file));
      if (!(node instanceof ObjectNode root) || !root.path("format").asText().equals(FORMAT)) {
        throw new CheckpointException(file + " is damaged: it is no run state of Sigmoe");
      }
      int version = root.path("version").asInt();
      if (version > VERSION) {
        throw new CheckpointException(
            file
                + " was written by a newer Sigmoe (its version is "
                + version
                + ", this one reads up to "
                + VERSION
                + "); use that one");
      }
      JsonNode written = root.remove(CHECKSUM);
      if (written == null || !written.asText().equals(checksum(root))) {
        throw new CheckpointException(
            file + " was altered after it was written: its checksum does not fit");
      }
      if (version < 2 && root.get("state") instanceof ObjectNode state) {
        state.putNull("tokensSeen");
      }
      root.remove("format");
      root.remove("version");
      return JSON.treeToValue(root, StateFile.class);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(
          file + " is damaged: it is not a run state in JSON (" + e.getOriginalMessage() + ")", e);
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw CheckpointException.notReadable(file, e);
    }
  }

  /** Returns the SHA-256 of the compact JSON text of an object. */
  private static String checksum(ObjectNode root) {
    return FileDigest.of(root.toString().getBytes(StandardCharsets.UTF_8)).sha256();
  }
}
