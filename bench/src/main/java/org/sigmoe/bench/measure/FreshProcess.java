package org.sigmoe.bench.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sigmoe.bench.model.SigmoeTransformerXl;
import org.sigmoe.bench.model.TokenStreams;
import org.sigmoe.bench.model.Training;
import org.sigmoe.bench.result.Start;
import org.sigmoe.bench.result.WorkCost;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.bench.work.LayerWork;
import org.sigmoe.bench.work.OpWork;
import org.sigmoe.bench.work.StepWork;
import org.sigmoe.bench.work.TimedGraph;
import org.sigmoe.bench.work.Work;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.engine.Program;

/**
 * Starts and memory, each measured in a Java process of its own with the options of this one: what
 * a user waits for and needs.
 */
public final class FreshProcess {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path STATUS = Path.of("/proc/self/status");

  private FreshProcess() {}

  /**
   * The entry of the new process: prints a {@link Start} as JSON.
   *
   * @param args work, sizes, engine, device, precision, threads
   */
  public static void main(String[] args) throws IOException {
    Optional<String> device =
        Optional.of(args[3]).filter(name -> !name.equals(WorkBenchmark.DEFAULT_DEVICE));
    EngineChoice choice =
        new EngineChoice(args[2], device, Precision.valueOf(args[4]), Integer.parseInt(args[5]));
    System.out.println(
        JSON.writeValueAsString(here(Work.of(args[0]), Sizes.parse(args[1]), choice)));
  }

  /**
   * Measures in a new process.
   *
   * @throws IOException if it could not be started or failed, with what it said
   */
  public static Start measure(Work work, Sizes sizes, EngineChoice choice) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(FreshProcess.class.getName());
    command.addAll(
        List.of(
            work.label(),
            sizes.toString(),
            choice.name(),
            choice.device().orElse(WorkBenchmark.DEFAULT_DEVICE),
            choice.precision().name(),
            Integer.toString(choice.threads())));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("the process for %s at %s failed".formatted(work.label(), sizes));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a process was measured", e);
    }
    return JSON.readValue(said.substring(said.lastIndexOf('\n') + 1), Start.class);
  }

  private static Start here(Work work, Sizes sizes, EngineChoice choice) throws IOException {
    // Others may be on the card, the process that started this one among them.
    Long others = deviceUsedBytes(choice);
    return switch (work) {
      case OpWork op -> graph(work, sizes, choice, others, op.timed(sizes, 1));
      case LayerWork layer -> graph(work, sizes, choice, others, layer.block(sizes, 1).timed());
      case StepWork step -> step(step, sizes, choice, others);
    };
  }

  private static Start graph(
      Work work, Sizes sizes, EngineChoice choice, @Nullable Long others, TimedGraph timed)
      throws IOException {
    try (Engine engine = choice.open()) {
      double opened = sinceStart();
      timed.fill(engine);
      try (Program program = engine.compile(timed.graph())) {
        timed.feed(program);
        long variables =
            timed.graph().variables().stream().mapToLong(held -> held.type().bytes()).sum();
        return run(work, sizes, choice, others, opened, program::run, program.bytes() + variables);
      }
    }
  }

  private static Start step(StepWork work, Sizes sizes, EngineChoice choice, @Nullable Long others)
      throws IOException {
    choice.open().close();
    double opened = sinceStart();
    TokenStreams streams = new TokenStreams(work.shape(sizes), 1);
    try (SigmoeTransformerXl model =
        new SigmoeTransformerXl(
            work.shape(sizes),
            work.family().config(sizes),
            Training.of(choice.precision()),
            choice.name(),
            choice.options())) {
      return run(
          work, sizes, choice, others, opened, () -> model.run(streams.next()), model.bytes());
    }
  }

  private static Start run(
      Work work,
      Sizes sizes,
      EngineChoice choice,
      @Nullable Long others,
      double opened,
      Runnable step,
      long planned)
      throws IOException {
    double compiled = sinceStart();
    step.run();
    double first = sinceStart();
    long begin = System.nanoTime();
    step.run();
    double second = (System.nanoTime() - begin) / 1e6;
    Long used = deviceUsedBytes(choice);
    return new Start(
        work.label(),
        sizes.toString(),
        choice.precision().toString(),
        choice.threads(),
        opened,
        compiled,
        first,
        second,
        hostPeakBytes(),
        planned,
        used == null || others == null ? null : Long.valueOf(used - others),
        WorkCost.of(work.graph(sizes)).activationBytes());
  }

  private static double sinceStart() {
    long start = ManagementFactory.getRuntimeMXBean().getStartTime();
    return (System.currentTimeMillis() - start) / 1e3;
  }

  /** The most that the process has held; 0 where the system does not say. */
  private static long hostPeakBytes() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    }
  }

  /**
   * The name that the driver has for a card.
   *
   * @param device of the engine, as {@code cuda:1}
   * @param visible names of the cards that the process may see, by commas; null for all
   */
  static String card(String device, @Nullable String visible) {
    String index = device.substring("cuda:".length());
    return visible == null || visible.isBlank()
        ? index
        : visible.split(",")[Integer.parseInt(index)].strip();
  }

  /** What all processes have of an NVIDIA card, says its driver; null elsewhere. */
  private static @Nullable Long deviceUsedBytes(EngineChoice choice) throws IOException {
    if (!choice.device().orElse("").startsWith("cuda:")) {
      return null;
    }
    String card = card(choice.device().orElseThrow(), System.getenv("CUDA_VISIBLE_DEVICES"));
    Process query;
    try {
      query =
          new ProcessBuilder(
                  "nvidia-smi",
                  "--id=" + card,
                  "--query-gpu=memory.used",
                  "--format=csv,noheader,nounits")
              .start();
    } catch (IOException e) {
      // No driver's tool on this machine: nobody to ask.
      return null;
    }
    String said = new String(query.getInputStream().readAllBytes(), UTF_8).strip();
    return said.matches("\\d{1,9}") ? Long.parseLong(said) << 20 : null;
  }
}
