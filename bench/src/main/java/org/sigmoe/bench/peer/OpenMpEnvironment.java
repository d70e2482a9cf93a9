package org.sigmoe.bench.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** What libtorch's OpenMP library reads from the environment, once, when it is loaded. */
final class OpenMpEnvironment {
  private static final String WAIT_POLICY = "OMP_WAIT_POLICY";

  private OpenMpEnvironment() {}

  /**
   * Lets OpenMP's threads sleep while they have nothing to do, unless the user chose otherwise.
   * OpenBLAS has a second set of threads; where OpenMP's spin, both fight for the same cores, and a
   * step on two threads takes longer than on one. Has an effect only before libtorch is loaded, and
   * none where the C library has no {@code setenv}.
   */
  @SuppressWarnings("restricted")
  static void waitPassively() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> setenv = linker.defaultLookup().find("setenv");
    if (setenv.isEmpty()) {
      return;
    }
    FunctionDescriptor signature =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    int keepWhatIsSet = 0;
    try (Arena arena = Arena.ofConfined()) {
      int _ =
          (int)
              linker
                  .downcallHandle(setenv.get(), signature)
                  .invokeExact(
                      arena.allocateFrom(WAIT_POLICY),
                      arena.allocateFrom("PASSIVE"),
                      keepWhatIsSet);
    } catch (Throwable e) {
      throw new IllegalStateException("setenv of " + WAIT_POLICY + " could not be called", e);
    }
  }
}
