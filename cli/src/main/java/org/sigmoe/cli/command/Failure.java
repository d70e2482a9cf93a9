package org.sigmoe.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.sigmoe.cli.config.ConfigException;
import org.sigmoe.cli.run.UsageException;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.engine.EngineException;
import org.sigmoe.nn.graph.ShapeException;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.train.DivergedException;

/**
 * What a failure means to the user.
 *
 * @param message what went wrong and what to do
 * @param exitCode of the process
 */
record Failure(String message, int exitCode) {

  static Failure of(Throwable thrown) {
    return switch (thrown) {
      case ConfigException e -> new Failure(message(e), ExitCode.BAD_USAGE);
      case UsageException e -> new Failure(message(e), ExitCode.BAD_USAGE);
      case DataException e -> new Failure(message(e), ExitCode.BAD_USAGE);
      case TokenizerException e -> new Failure(message(e), ExitCode.BAD_USAGE);
      case ShapeException e -> new Failure(message(e), ExitCode.BAD_USAGE);
      case ArithmeticException _ ->
          new Failure(
              "a size is too large to be counted; make model, batch, context or memory smaller",
              ExitCode.BAD_USAGE);
      case DivergedException e -> new Failure(message(e), ExitCode.FAILURE);
      case EngineException e -> new Failure(message(e), ExitCode.FAILURE);
      case CheckpointException e -> new Failure(message(e), ExitCode.FAILURE);
      case IOException e -> new Failure(CheckpointException.reason(e), ExitCode.FAILURE);
      case UncheckedIOException e when e.getCause() != null -> of(e.getCause());
      case OutOfMemoryError e ->
          new Failure(
              ("Java's memory is full (%s); give it more, as SIGMOE_JAVA_OPTS=-Xmx4g, or make"
                      + " batch, context or model smaller")
                  .formatted(message(e)),
              ExitCode.FAILURE);
      default ->
          new Failure(
              "an error in the program: %s; --stacktrace shows where, please report it"
                  .formatted(thrown),
              ExitCode.FAILURE);
    };
  }

  private static String message(Throwable thrown) {
    return String.valueOf(thrown.getMessage());
  }
}
