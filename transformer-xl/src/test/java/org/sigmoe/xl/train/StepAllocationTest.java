package org.sigmoe.xl.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.xl.checkpoint.RunDirectory;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.model.ModelConfig;

/**
 * What the loop around an engine makes on the Java heap in a step. Reports are rare here; they make
 * a few objects each, for the log.
 */
class StepAllocationTest {
  private static final int REPORT_EVERY = 500;
  private static final int STEPS = 3 * REPORT_EVERY;

  /** A schedule's three numbers and a position in the data, before the compiler removes them. */
  private static final long FEW_SMALL_OBJECTS = 512;

  @TempDir Path folder;

  @Test
  void aStepAllocatesAFewSmallObjectsWhateverTheModel() throws IOException {
    long small = bytesPerStep("small", SmallTraining.model());
    long large =
        bytesPerStep(
            "large", new ModelConfig(256, 256, 8, 4, 64, new DenseConfig(1024), 8, 256, 0.1));

    assertTrue(small <= FEW_SMALL_OBJECTS, () -> small + " bytes a step");
    assertTrue(large <= FEW_SMALL_OBJECTS, () -> large + " bytes a step of the large model");
  }

  /** Heap bytes of the training thread for each step between two late reports. */
  private long bytesPerStep(String name, ModelConfig model) throws IOException {
    SmallTraining training =
        SmallTraining.in(folder)
            .withSteps(STEPS)
            .withModel(model)
            .withPlans(
                new ValidationPlan(10 * STEPS, 100), new CheckpointPlan(0, 0, 1), REPORT_EVERY);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] allocated = new long[STEPS / REPORT_EVERY + 1];
    TrainingListener count =
        event -> {
          if (event instanceof TrainingEvent.StepDone done) {
            allocated[(int) (done.step() / REPORT_EVERY)] =
                threads.getCurrentThreadAllocatedBytes();
          }
        };
    try (Corpus corpus = training.openCorpus();
        Engine engine = new IdleEngine();
        Trainer trainer = Trainer.prepare(training.config(), corpus, engine);
        RunDirectory run = training.create(folder.resolve(name))) {
      trainer.start(run, count, new StopSignal());
    }
    assertTrue(allocated[1] > 0 && allocated[2] > 0, "the reports did not come");
    return (allocated[2] - allocated[1]) / REPORT_EVERY;
  }
}
