package org.sigmoe.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.sigmoe.cli.config.EngineNames;
import org.sigmoe.cli.output.Console;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.Table;
import org.sigmoe.cli.output.Units;
import org.sigmoe.nn.engine.EngineDevice;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.engine.Engines;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sigmoe devices}: what a model can run on here. */
@Command(
    name = "devices",
    mixinStandardHelpOptions = true,
    description = {
      "List what a model can run on here, by the flags that choose it.",
      "Where --device is left out, an engine takes the first of its devices."
    })
final class DevicesCommand implements Callable<Integer> {

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  private final Console console;

  private DevicesCommand(Console console) {
    this.console = console;
  }

  static CommandLine create(Console console) {
    return new CommandLine(new DevicesCommand(console));
  }

  /**
   * An engine and what it runs on here.
   *
   * @param problem why it cannot be used; empty if it can
   */
  private record Found(String engine, List<EngineDevice> devices, Optional<String> problem) {

    static Found by(EngineProvider provider) {
      Optional<String> unavailable = provider.unavailable();
      if (unavailable.isPresent()) {
        return new Found(provider.name(), List.of(), unavailable);
      }
      try {
        return new Found(provider.name(), provider.devices(), Optional.empty());
      } catch (EngineException e) {
        return new Found(provider.name(), List.of(), Optional.of(String.valueOf(e.getMessage())));
      }
    }

    static Found missing(String engine) {
      return new Found(engine, List.of(), EngineNames.whyMissing(engine));
    }

    boolean isWorthTelling() {
      return !devices.isEmpty() || problem.isPresent();
    }
  }

  @Override
  public Integer call() {
    List<Found> all =
        Stream.concat(
                Engines.providers().stream().map(Found::by),
                EngineNames.missing().stream().map(Found::missing))
            .filter(Found::isWorthTelling)
            .toList();
    if (json) {
      console.out().println(Json.line(object(all)));
    } else {
      print(all);
    }
    return ExitCode.DONE;
  }

  private static ObjectNode object(List<Found> all) {
    ObjectNode object = Json.object();
    ArrayNode engines = object.putArray("engines");
    for (Found found : all) {
      ObjectNode engine = engines.addObject().put("name", found.engine());
      found.problem().ifPresent(problem -> engine.put("unavailable", problem));
      ArrayNode devices = engine.putArray("devices");
      for (EngineDevice device : found.devices()) {
        ObjectNode node = devices.addObject();
        device.name().ifPresent(name -> node.put("name", name));
        node.put("description", device.description()).put("memoryBytes", device.memoryBytes());
        device.unusable().ifPresent(why -> node.put("unusable", why));
      }
    }
    return object;
  }

  private void print(List<Found> all) {
    Table table = new Table("flags", "memory", "device").leftAligned(2);
    List<String> problems = new ArrayList<>();
    for (Found found : all) {
      for (EngineDevice device : found.devices()) {
        table.row(
            flags(found, device),
            Units.bytes(device.memoryBytes()),
            device.description()
                + device.unusable().map(why -> " (unusable: " + why + ")").orElse(""));
      }
      found
          .problem()
          .ifPresent(problem -> problems.add("--engine " + found.engine() + ": " + problem));
    }
    table.lines().forEach(console.out()::println);
    problems.forEach(
        problem -> {
          console.out().println();
          console.out().println(problem);
        });
  }

  private static String flags(Found found, EngineDevice device) {
    return "--engine " + found.engine() + device.name().map(name -> " --device " + name).orElse("");
  }
}
