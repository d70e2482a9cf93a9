package org.sigmoe.tornado.device;

import java.util.Optional;
import org.sigmoe.nn.engine.EngineException;

/** A program that chooses a device and prints it, or the message of the failure. */
final class DeviceQuery {
  private DeviceQuery() {}

  public static void main(String[] arguments) {
    try {
      System.out.println(Devices.choose(Optional.empty()));
    } catch (EngineException e) {
      System.out.println(e.getMessage());
    }
  }
}
