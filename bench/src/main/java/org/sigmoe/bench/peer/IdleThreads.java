package org.sigmoe.bench.peer;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;

/**
 * What libtorch's threads do while they wait. It computes with two sets of threads, OpenMP's and
 * OpenBLAS's; by default both spin, so that one set fights the other for the same cores, and a step
 * on two threads takes longer than on one.
 */
final class IdleThreads {
  /** Read from the environment when the libraries are loaded, and never again. */
  private static final Map<String, String> SLEEP_AT_ONCE =
      Map.of(
          "OMP_WAIT_POLICY", "PASSIVE",
          // OpenBLAS's threads spin for two to this power of clock cycles; the default is 26.
          "OPENBLAS_THREAD_TIMEOUT", "12");

  private IdleThreads() {}

  /**
   * Lets idle threads sleep at once; where the environment says otherwise already, that is kept.
   * Has an effect only before libtorch is loaded, and none where the C library has no {@code
   * setenv}.
   */
  @SuppressWarnings("restricted")
  static void sleepAtOnce() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> address = linker.defaultLookup().find("setenv");
    if (address.isEmpty()) {
      return;
    }
    MethodHandle setenv =
        linker.downcallHandle(
            address.get(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    SLEEP_AT_ONCE.forEach((name, value) -> setWhereUnset(setenv, name, value));
  }

  private static void setWhereUnset(MethodHandle setenv, String name, String value) {
    int keepWhatIsSet = 0;
    int failed;
    try (Arena arena = Arena.ofConfined()) {
      failed =
          (int)
              setenv.invokeExact(
                  arena.allocateFrom(name), arena.allocateFrom(value), keepWhatIsSet);
    } catch (Throwable e) {
      throw new IllegalStateException("setenv could not be called for " + name, e);
    }
    if (failed != 0) {
      throw new IllegalStateException("the C library could not set " + name + " to " + value);
    }
  }
}
