package org.sigmoe.xl.train;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.function.LongSupplier;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.HostMemory;
import org.sigmoe.xl.checkpoint.Checkpoint;
import org.sigmoe.xl.checkpoint.CheckpointChoice;
import org.sigmoe.xl.checkpoint.RunDirectory;
import org.sigmoe.xl.checkpoint.TrainingState;
import org.sigmoe.xl.data.BatchStream;
import org.sigmoe.xl.data.BlockLayout;
import org.sigmoe.xl.data.Corpus;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.data.TokenSource;
import org.sigmoe.xl.model.EvaluationGraph;
import org.sigmoe.xl.model.LanguageModel;
import org.sigmoe.xl.model.TrainingGraph;

/**
 * Trains a model.
 *
 * <pre>{@code
 * StopSignal stop = new StopSignal();
 * try (Corpus corpus = Corpus.open(source, options);
 *     Engine engine = Engines.open("cpu", EngineOptions.defaults());
 *     Trainer trainer = Trainer.prepare(config, corpus, engine);
 *     RunDirectory run = RunDirectory.create(folder, yaml, config.checkpoints().retention())) {
 *   TrainingOutcome outcome = trainer.start(run, listener, stop);
 * }
 * }</pre>
 *
 * <p>{@link #prepare} finds what can be found before a run is begun (too little data or memory) and
 * touches no file. Then one call of {@link #start} or {@link #resume} does all the rest. Not safe
 * for use by several threads, but for the {@link StopSignal}.
 */
public final class Trainer implements AutoCloseable {
  private final LanguageModel model;
  private final TrainingVariables variables;
  private final MemoryNeed memoryNeed;
  private final TrainingLoop.Machinery machinery;
  private final Arena arena;
  private boolean used;

  private Trainer(
      LanguageModel model,
      TrainingVariables variables,
      MemoryNeed memoryNeed,
      TrainingLoop.Machinery machinery,
      Arena arena) {
    this.model = model;
    this.variables = variables;
    this.memoryNeed = memoryNeed;
    this.machinery = machinery;
    this.arena = arena;
  }

  /**
   * Builds and compiles the graphs of a training.
   *
   * @param config what to train
   * @param corpus with a train and a valid split; stays open as long as the trainer
   * @param engine stays open as long as the trainer
   * @throws org.sigmoe.xl.data.DataException if a split is too small for one batch
   * @throws EngineException if there is not enough memory; says how much is needed
   */
  public static Trainer prepare(TrainingConfig config, Corpus corpus, Engine engine) {
    return prepare(config, corpus, engine, System::nanoTime);
  }

  static Trainer prepare(
      TrainingConfig config, Corpus corpus, Engine engine, LongSupplier nanoTime) {
    int context = config.model().context();
    BatchStream batches =
        new BatchStream(corpus.split(Split.TRAIN), config.batch().streams(), context);
    TokenSource heldOut = corpus.split(Split.VALID);
    // refuses a text of less than one batch
    BlockLayout.of(heldOut, Validator.config(config, heldOut).batch(), context);
    LanguageModel model = new LanguageModel(config.model());
    TrainingGraph graph = TrainingGraph.of(model, config.batch(), config.optimiser());
    EvaluationGraph evaluation = Validator.graph(model, config, heldOut);
    TrainingVariables variables = TrainingVariables.of(model, graph);
    MemoryNeed need = MemoryNeed.of(variables, graph, evaluation);
    Arena arena = Arena.ofConfined();
    try {
      HostMemory.require("saving checkpoints", need.saving());
      TrainingVariables.Copy copy = variables.copy(arena);
      TrainingStep step = new TrainingStep(config, graph, engine, batches);
      try {
        Validator validator = Validator.prepare(evaluation, engine, config, heldOut);
        return new Trainer(
            model,
            variables,
            need,
            new TrainingLoop.Machinery(
                config,
                engine,
                step,
                validator,
                copy,
                RunFingerprint.of(config, corpus.fingerprint()),
                nanoTime),
            arena);
      } catch (RuntimeException e) {
        step.close();
        throw e;
      }
    } catch (EngineException e) {
      arena.close();
      throw new EngineException(e.getMessage() + " " + need + ".", e);
    } catch (RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** Number of parameters of the model. */
  public long parameters() {
    return model.parameters().stream().mapToLong(p -> p.shape().elements()).sum();
  }

  /** Bytes of memory that the training takes on the engine and for saving. */
  public long memoryBytes() {
    return memoryNeed.total();
  }

  /**
   * Trains from the first step.
   *
   * @param run a folder just made
   * @param stop ends it early, with a checkpoint
   * @throws DivergedException if the loss is no longer a finite number
   * @throws org.sigmoe.nn.checkpoint.CheckpointException if a checkpoint cannot be saved; those
   *     saved before are as they were
   * @throws IOException if metrics cannot be written
   */
  public TrainingOutcome start(RunDirectory run, TrainingListener listener, StopSignal stop)
      throws IOException {
    useOnce();
    initialise();
    try (RunMetrics metrics = RunMetrics.create(run.layout())) {
      return loop(run, metrics, listener, stop, TrainingLoop.Beginning.NEW).run();
    }
  }

  /**
   * Goes on from the newest checkpoint of a run that is whole; from the first step if it has none.
   * All that follows is what it would have been had the run not ended.
   *
   * @param run a folder just opened
   * @param stop ends it early, with a checkpoint
   * @throws DivergedException if the loss is no longer a finite number
   * @throws DataException if the data is not what the run began with
   * @throws org.sigmoe.nn.checkpoint.CheckpointException if the newest checkpoint is of another
   *     model (says which tensor differs), if none is whole, or if one cannot be saved
   * @throws IOException if metrics cannot be read or written
   */
  public TrainingOutcome resume(RunDirectory run, TrainingListener listener, StopSignal stop)
      throws IOException {
    useOnce();
    CheckpointChoice choice = run.checkpoints().newest();
    choice.warnings().forEach(text -> listener.on(new TrainingEvent.Warning(text)));
    Checkpoint checkpoint = choice.checkpoint();
    TrainingLoop.Beginning beginning;
    if (checkpoint == null) {
      initialise();
      beginning = TrainingLoop.Beginning.NEW;
    } else {
      beginning = load(checkpoint, listener);
    }
    try (RunMetrics metrics = RunMetrics.resume(run.layout(), beginning.step())) {
      return loop(run, metrics, listener, stop, beginning).run();
    }
  }

  private void useOnce() {
    if (used) {
      throw new IllegalStateException("A trainer trains once; prepare another");
    }
    used = true;
  }

  private void initialise() {
    model.initialise(machinery.engine(), machinery.config().seed());
  }

  private TrainingLoop.Beginning load(Checkpoint checkpoint, TrainingListener listener)
      throws CheckpointException {
    variables.load(checkpoint, machinery.engine());
    TrainingState state = checkpoint.state();
    requireSameData(checkpoint, listener);
    machinery.step().seek(new BatchStream.Position(state.data().epoch(), state.data().block()));
    Long tokens = state.tokensSeen();
    return new TrainingLoop.Beginning(
        state.step(),
        tokens == null ? state.step() * machinery.config().tokensPerStep() : tokens,
        state.best(),
        checkpoint.folder());
  }

  private void requireSameData(Checkpoint checkpoint, TrainingListener listener) {
    RunFingerprint saved = RunFingerprint.parse(checkpoint.state().configFingerprint());
    RunFingerprint mine = machinery.fingerprint();
    if (saved.tellsOfData() && !saved.data().equals(mine.data())) {
      throw new DataException(
          ("The data is not what the run began with (its fingerprint is %s, that of the checkpoint"
                  + " %s is %s); give the same data, or start a new run")
              .formatted(mine.data(), checkpoint.folder(), saved.data()));
    }
    if (!saved.config().equals(mine.config())) {
      listener.on(
          new TrainingEvent.Warning(
              ("The configuration is not the one of %s: from step %d on this run is another than"
                      + " the one it goes on with")
                  .formatted(checkpoint.folder(), checkpoint.state().step() + 1)));
    }
  }

  private TrainingLoop loop(
      RunDirectory run,
      RunMetrics metrics,
      TrainingListener listener,
      StopSignal stop,
      TrainingLoop.Beginning beginning)
      throws IOException {
    return new TrainingLoop(machinery, run, metrics, listener, stop, beginning);
  }

  @Override
  public void close() {
    machinery.step().close();
    machinery.validator().close();
    arena.close();
  }
}
