package org.sigmoe.xl.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;

/** Says in words what an {@link IOException} of java.nio.file says by its class. */
public final class IoReason {

  private IoReason() {}

  /** The reason without the file's name, which the message around it gives. */
  public static String of(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "it does not exist";
      case FileSystemLoopException _ -> "it is part of a loop of symbolic links";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case FileNotFoundException f when f.getMessage() != null -> f.getMessage();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
