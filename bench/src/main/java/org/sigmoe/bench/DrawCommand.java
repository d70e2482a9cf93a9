package org.sigmoe.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullUnmarked;
import org.sigmoe.bench.result.Figures;
import org.sigmoe.bench.result.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws the efficiency figures from results that were written before. */
@Command(
    name = "draw",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Draws time and memory against E, G, d_model and the rest, as SVG and PNG.")
@NullUnmarked // picocli sets the fields.
final class DrawCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", description = "JSON that 'run sweeps' wrote")
  private List<Path> files;

  @Option(
      names = "--out",
      defaultValue = "docs/results/efficiency",
      description = "folder of the figures")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(folder);
    for (Path file : files) {
      Figures.draw(Report.read(file), folder).forEach(System.out::println);
    }
    return ExitCode.OK;
  }
}
