package org.sigmoe.nn.checkpoint;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** A new file being written, whose bytes can be forced to the device. */
public interface DurableChannel extends WritableByteChannel {

  /**
   * Returns once all that was written has reached the device.
   *
   * @throws IOException if it cannot; what was written may then be lost
   */
  void force() throws IOException;
}
