package org.sigmoe.tornado.engine;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineDevice;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.EngineProvider;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.graph.op.AttentionCases;
import org.sigmoe.nn.testing.Candidate;
import org.sigmoe.nn.testing.Comparison;
import org.sigmoe.nn.testing.Layout;
import org.sigmoe.nn.testing.OpCase;
import org.sigmoe.nn.testing.TestedEngines;
import org.sigmoe.tornado.device.Devices;

/** Attention in bf16 with kernels in place of cuBLAS, so that everything around it is tested. */
final class RoundedAttentionTest {
  private static final EngineOptions OPTIONS =
      TestedEngines.options("tornado")
          .withPrecision(Precision.BF16)
          .withBuffers(EngineOptions.BufferFill.POISON);

  /** The tornado engine with {@link KernelProducts} in chunks of so many bytes. */
  private record Provider(long scratchBytes) implements EngineProvider {
    @Override
    public String name() {
      return "tornado in chunks of " + scratchBytes + " bytes";
    }

    @Override
    public Optional<String> unavailable() {
      return Optional.empty();
    }

    @Override
    public List<EngineDevice> devices() {
      return Devices.listed();
    }

    @Override
    public Engine open(EngineOptions options) {
      return new TornadoEngine(
          options, Devices.choose(options.device()), to -> new KernelProducts(to, scratchBytes));
    }
  }

  @TestFactory
  Stream<DynamicTest> allHeadsAtOnce() {
    return AttentionCases.all().map(test -> test(test, Long.MAX_VALUE));
  }

  /** From some heads, or some batch rows of one, down to a single head of a single batch row. */
  @TestFactory
  Stream<DynamicTest> inChunks() {
    return Stream.of(
            AttentionCases.memoryEmptyPartlyFilledAndFull().subList(3, 5),
            AttentionCases.slidingWindow().subList(5, 7))
        .flatMap(List::stream)
        .flatMap(test -> Stream.of(1L, 40_000L).map(bytes -> test(test, bytes)));
  }

  private static DynamicTest test(OpCase test, long scratchBytes) {
    Candidate candidate = new Candidate(new Provider(scratchBytes), OPTIONS);
    return DynamicTest.dynamicTest(
        "%s: %s equals the reference".formatted(test.name(), candidate),
        () -> new Comparison(Layout.TEMPORARIES.scenario(test)).check(candidate));
  }
}
