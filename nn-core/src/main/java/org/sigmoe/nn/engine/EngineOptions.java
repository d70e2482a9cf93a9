package org.sigmoe.nn.engine;

import java.util.Optional;

/**
 * How an engine is opened.
 *
 * @param threads threads of a CPU engine, at least 1
 * @param precision of matrix products
 * @param device which device, in the engine's own words; empty for its default
 * @param buffers what buffers hold before a program runs
 * @param compiling is told how far the compilation of a graph is
 */
public record EngineOptions(
    int threads,
    Precision precision,
    Optional<String> device,
    BufferFill buffers,
    CompileListener compiling) {

  /** What a program's working buffers hold before each run. */
  public enum BufferFill {
    /** Whatever was there. */
    AS_THEY_ARE,
    /** NaN, so that a test sees an element that is read but was not written. */
    POISON
  }

  /** Checks the number of threads. */
  public EngineOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("An engine needs at least 1 thread, got " + threads);
    }
  }

  /** Tells nobody how far compilation is. */
  public EngineOptions(
      int threads, Precision precision, Optional<String> device, BufferFill buffers) {
    this(threads, precision, device, buffers, CompileListener.NONE);
  }

  /** All processors, f32, the default device. */
  public static EngineOptions defaults() {
    return new EngineOptions(
        Runtime.getRuntime().availableProcessors(),
        Precision.F32,
        Optional.empty(),
        BufferFill.AS_THEY_ARE);
  }

  /** With another number of threads. */
  public EngineOptions withThreads(int count) {
    return new EngineOptions(count, precision, device, buffers, compiling);
  }

  /** With another precision. */
  public EngineOptions withPrecision(Precision other) {
    return new EngineOptions(threads, other, device, buffers, compiling);
  }

  /** On another device, in the engine's own words. */
  public EngineOptions withDevice(String name) {
    return new EngineOptions(threads, precision, Optional.of(name), buffers, compiling);
  }

  /** With buffers filled before each run. */
  public EngineOptions withBuffers(BufferFill fill) {
    return new EngineOptions(threads, precision, device, fill, compiling);
  }

  /** With somebody who is told how far compilation is. */
  public EngineOptions withCompiling(CompileListener listener) {
    return new EngineOptions(threads, precision, device, buffers, listener);
  }
}
