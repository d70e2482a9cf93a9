package org.sigmoe.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.file.Path;
import org.sigmoe.xl.eval.EvaluationResult;
import org.sigmoe.xl.train.TrainingEvent;

/**
 * A training as JSON, one object a line. Every object says by {@code event} what it is: {@code
 * start}, {@code step}, {@code validation} or {@code checkpoint}; and by {@code step} after how
 * many steps. Losses are in nats. Notes are left out, warnings go to standard error.
 */
public final class JsonView implements TrainingView {
  private final Path folder;
  private final PrintStream out;
  private final PrintStream err;

  /**
   * A view.
   *
   * @param folder of the run, which the first object names
   * @param out takes the objects
   * @param err takes warnings
   */
  public JsonView(Path folder, PrintStream out, PrintStream err) {
    this.folder = folder;
    this.out = out;
    this.err = err;
  }

  @Override
  public void note(String line) {}

  @Override
  public void progress(String line) {}

  @Override
  public void warn(String line) {
    err.println("sigmoe: warning: " + line);
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.Started(long step, long steps) ->
          write(object("start", step).put("steps", steps).put("run", folder.toString()));
      case TrainingEvent.StepDone step -> write(step(step));
      case TrainingEvent.Validating _ -> {}
      case TrainingEvent.Validated validated -> write(validation(validated));
      case TrainingEvent.Saved(long step, Path checkpoint) ->
          write(object("checkpoint", step).put("folder", checkpoint.toString()));
      case TrainingEvent.Warning(String text) -> warn(text);
    }
  }

  private static ObjectNode step(TrainingEvent.StepDone event) {
    ObjectNode object =
        object("step", event.step())
            .put("steps", event.steps())
            .put("tokensSeen", event.tokensSeen())
            .put("loss", event.loss())
            .put("bitsPerToken", event.bitsPerToken())
            .put("tokensPerSecond", event.tokensPerSecond())
            .put("learningRate", event.learningRate())
            .put("gradientNorm", event.gradientNorm())
            .put("elapsedSeconds", event.elapsed().toMillis() / 1000.0)
            .put("secondsLeft", event.timeLeft().toMillis() / 1000.0);
    event.auxiliaryLoss().ifPresent(loss -> object.put("auxiliaryLoss", loss));
    return object;
  }

  private static ObjectNode validation(TrainingEvent.Validated event) {
    EvaluationResult result = event.result();
    return object("validation", event.step())
        .put("loss", result.loss())
        .put("bitsPerToken", result.bitsPerToken())
        .put("perplexity", result.perplexity())
        .put("tokens", result.tokens())
        .put("best", event.isBest())
        .put("bestStep", event.best().step());
  }

  private static ObjectNode object(String event, long step) {
    return Json.object().put("event", event).put("step", step);
  }

  private void write(ObjectNode object) {
    out.println(Json.line(object));
  }

  @Override
  public void end() {
    out.flush();
  }
}
