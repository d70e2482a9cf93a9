package org.sigmoe.bench.result;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.Storage;

/**
 * The results of one command.
 *
 * @param set what was measured
 * @param engine short name of engine or device, as file names have it
 * @param circumstances facts that a reader needs, one a line
 * @param peaks of the machine
 * @param rows timings; none in a set of starts
 * @param starts in fresh processes; none in other sets
 * @param failures what could not be measured, or was wrong, and why
 */
public record Report(
    String set,
    String engine,
    List<String> circumstances,
    Peaks peaks,
    List<Row> rows,
    List<Start> starts,
    List<String> failures) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Reads what {@link #write} wrote. */
  public static Report read(Path json) throws IOException {
    return JSON.readValue(json.toFile(), Report.class);
  }

  /** Name of its files, without ending. */
  public String fileName() {
    return set + "-" + engine;
  }

  /** Writes it as JSON and as a table. */
  public void write(Path folder) throws IOException {
    save(
        folder.resolve(fileName() + ".json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    save(folder.resolve(fileName() + ".md"), ReportText.of(this).getBytes(UTF_8));
  }

  /** Writes a file as a whole or not at all. */
  static void save(Path file, byte[] bytes) throws IOException {
    AtomicFile.write(Storage.disk(), file, channel -> channel.write(ByteBuffer.wrap(bytes)));
  }
}
