package org.sigmoe.cli.run;

import java.util.function.Consumer;
import org.sigmoe.cli.config.Configuration;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.xl.checkpoint.Checkpoint;
import org.sigmoe.xl.checkpoint.CheckpointFile;
import org.sigmoe.xl.checkpoint.RunLayout;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.Weights;

/**
 * A model with the weights of a checkpoint, on an engine.
 *
 * @param checkpoint where the weights are from
 * @param model the model
 * @param engine holds the weights
 */
public record TrainedModel(Checkpoint checkpoint, LanguageModel model, Engine engine)
    implements AutoCloseable {

  /**
   * Loads a checkpoint of a run.
   *
   * @param config of the run, which says what engine to open
   * @param warnings hears of checkpoints that are damaged and not used
   * @param progress hears how far the engine is with compiling, in lines of which the next replaces
   *     the one before
   * @throws UsageException if there is no such checkpoint, or the engine cannot be opened
   * @throws CheckpointException if the checkpoint is damaged or of another model
   */
  public static TrainedModel open(
      RunLayout run,
      Configuration config,
      Checkpoints which,
      Consumer<String> warnings,
      Consumer<String> progress)
      throws CheckpointException {
    Checkpoints.Found found = which.in(run);
    found.warnings().forEach(warnings);
    Checkpoint checkpoint = found.checkpoint();
    LanguageModel model = new LanguageModel(config.run().model());
    Engine engine = EngineOpening.open(config.run().engine(), progress);
    boolean loaded = false;
    try {
      Weights.load(checkpoint.file(CheckpointFile.MODEL), model, engine);
      loaded = true;
      return new TrainedModel(checkpoint, model, engine);
    } finally {
      if (!loaded) {
        engine.close();
      }
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
