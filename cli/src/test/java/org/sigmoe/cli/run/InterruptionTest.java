package org.sigmoe.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InterruptionTest {
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final Interruption interruption =
      new Interruption(() -> said.add("saving"), () -> said.add("end"));

  @Test
  void processEndsAtOnceWhereThereIsNothingToSave() {
    interruption.interrupted();

    assertEquals(List.of("end"), said);
    assertTrue(interruption.stop().requested());
  }

  @Test
  void processWaitsUntilTheTrainingHasSaved() throws InterruptedException {
    interruption.arm();
    Thread hook = Thread.startVirtualThread(interruption::interrupted);
    while (!interruption.stop().requested() || said.isEmpty()) {
      Thread.onSpinWait();
    }

    said.add("saved");
    interruption.close();
    hook.join();

    assertEquals(List.of("saving", "saved", "end"), said);
  }
}
