package org.sigmoe.cli.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.sigmoe.nn.checkpoint.AtomicFile;
import org.sigmoe.nn.checkpoint.Storage;

/** Files of results, whole or not there at all. */
public final class ResultFile {
  private ResultFile() {}

  /** Writes a text in UTF-8, in place of what was there. */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes, in place of what was there. */
  public static void write(Path file, byte[] bytes) throws IOException {
    AtomicFile.write(Storage.disk(), file, channel -> channel.write(ByteBuffer.wrap(bytes)));
  }
}
