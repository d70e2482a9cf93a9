package org.sigmoe.tornado.device;

import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.Engines;

/** A program that asks the engine for its default device and prints it, or why there is none. */
final class DeviceQuery {
  private DeviceQuery() {}

  public static void main(String[] arguments) {
    try {
      System.out.println(Engines.available("tornado").devices().getFirst().name().orElseThrow());
    } catch (EngineException e) {
      System.out.println(e.getMessage());
    }
  }
}
