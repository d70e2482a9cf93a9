package org.sigmoe.nn.checkpoint;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A tensor file or a checkpoint that cannot be read or written. The message is meant for the user:
 * it names the file, says what is wrong with it and what to do.
 */
public final class CheckpointException extends IOException {

  /** Creates an exception with a message for the user. */
  public CheckpointException(String message) {
    super(message);
  }

  /** Creates an exception with a message for the user and what brought it about. */
  public CheckpointException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Returns the exception for a file that the operating system did not let us read. */
  public static CheckpointException notReadable(Path file, IOException cause) {
    return new CheckpointException("cannot read " + file + ": " + reason(cause), cause);
  }

  /**
   * Returns what went wrong in words for the user. The messages of the usual file exceptions are
   * nothing but the path, which says little.
   */
  public static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file or folder";
      case FileAlreadyExistsException _ -> "it exists already";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
