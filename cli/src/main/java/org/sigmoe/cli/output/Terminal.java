package org.sigmoe.cli.output;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Asks the operating system whether a file descriptor is a terminal. {@link java.io.Console} tells
 * it of standard input and output together only, so that {@code sigmoe train < /dev/null} would
 * lose its live line.
 */
final class Terminal {
  private Terminal() {}

  static boolean isTerminal(int descriptor) {
    String term = System.getenv("TERM");
    return !"dumb".equals(term) && isatty(descriptor);
  }

  private static boolean isatty(int descriptor) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> function =
        linker.defaultLookup().find("isatty").or(() -> linker.defaultLookup().find("_isatty"));
    if (function.isEmpty()) {
      return false;
    }
    MethodHandle isatty =
        linker.downcallHandle(
            function.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      return (int) isatty.invokeExact(descriptor) != 0;
    } catch (Throwable e) {
      throw new IllegalStateException("isatty failed", e);
    }
  }
}
