package org.sigmoe.bench.peer;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.bytedeco.pytorch.global.torch.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sigmoe.bench.shape.Sizes;
import org.sigmoe.bench.work.Family;
import org.sigmoe.bench.work.LayerWork;
import org.sigmoe.bench.work.LayerWork.Pass;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.engine.Precision;
import org.sigmoe.nn.engine.Program;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.Variable;

/** Both sides of the comparison of layers give the same result and the same gradients. */
class TorchLayerTest {
  private static final String SMALL =
      "wt-s,batch=3,context=20,dModel=36,dFeedForward=50,experts=6,expertSize=20,k=2";

  @BeforeAll
  static void oneThread() {
    LibTorch.useThreads(1);
  }

  @ParameterizedTest
  @CsvSource({"DENSE, 4", "SIGMA_MOE, 3"})
  void resultAndGradientsAreOurs(Family family, int parameters) {
    Sizes sizes = Sizes.parse(SMALL);
    LayerWork work = new LayerWork(family, Pass.BOTH);
    LayerWork.Block block = work.block(sizes, 1);
    assertEquals(parameters, block.parameters().size());
    try (PointerScope _ = new PointerScope();
        TorchLayer torch = TorchLayer.open(work, sizes, Precision.F32).orElseThrow();
        Engine engine = Engines.open("cpu", EngineOptions.defaults().withThreads(1))) {
      block.timed().fill(engine);
      for (int i = 0; i < parameters; i++) {
        Tensor target = torch.parameters().get(i);
        float[] elements = read(engine, block.parameters().get(i).variable());
        assertEquals(elements.length, target.numel(), block.parameters().get(i).name());
        new FloatPointer(target.data_ptr()).put(elements);
      }
      float[] x = normal(block.x(), 5);
      float[] dy = normal(block.dy(), 6);
      List<float[]> ours = run(engine, block, x, dy);
      Tensor input = tensor(x).view(sizes.tokens(), 36);
      input.requires_grad_(true);
      List<Tensor> theirs = torch.results(input, tensor(dy).view(sizes.tokens(), 36));
      assertEquals(ours.size(), theirs.size());
      for (int i = 0; i < ours.size(); i++) {
        assertNear(values(theirs.get(i)), ours.get(i), "result " + i);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"DENSE", "SIGMA_MOE"})
  void runsInBothPrecisionsAndPasses(Family family) {
    Sizes sizes = Sizes.parse(SMALL);
    for (Pass pass : Pass.values()) {
      for (Precision precision : List.of(Precision.F32, Precision.BF16)) {
        try (TorchLayer torch =
            TorchLayer.open(new LayerWork(family, pass), sizes, precision).orElseThrow()) {
          torch.run();
          torch.run();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"DENSE", "SIGMA_MOE"})
  void roundingChangesTheResultLittle(Family family) {
    Sizes sizes = Sizes.parse(SMALL);
    LayerWork work = new LayerWork(family, Pass.BOTH);
    List<float[]> results = new ArrayList<>();
    try (PointerScope _ = new PointerScope()) {
      Tensor x = tensor(normal(work.block(sizes, 1).x(), 5)).view(sizes.tokens(), 36);
      x.requires_grad_(true);
      for (Precision precision : List.of(Precision.F32, Precision.BF16)) {
        try (TorchLayer torch = TorchLayer.open(work, sizes, precision).orElseThrow()) {
          results.add(values(torch.results(x, x.detach()).getFirst()));
        }
      }
    }
    double sum = 0;
    for (int i = 0; i < results.get(0).length; i++) {
      sum += Math.abs(results.get(0)[i] - results.get(1)[i]);
    }
    double mean = sum / results.get(0).length;
    assertTrue(mean > 0 && mean < 0.01, "mean difference " + mean);
  }

  private static List<float[]> run(Engine engine, LayerWork.Block block, float[] x, float[] dy) {
    List<float[]> results = new ArrayList<>();
    try (Program program = engine.compile(block.timed().graph())) {
      block.timed().feed(program);
      program.feed(block.x(), MemorySegment.ofArray(x));
      program.feed(block.dy(), MemorySegment.ofArray(dy));
      program.run();
      results.add(fetch(program, block.y()));
      block.gradients().forEach(gradient -> results.add(fetch(program, gradient)));
    }
    return results;
  }

  private static float[] fetch(Program program, Value output) {
    float[] elements = new float[Math.toIntExact(output.shape().elements())];
    program.fetch(output, MemorySegment.ofArray(elements));
    return elements;
  }

  private static float[] read(Engine engine, Variable variable) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment elements = arena.allocate(variable.type().bytes(), Float.BYTES);
      engine.read(variable, elements);
      return elements.toArray(JAVA_FLOAT);
    }
  }

  private static float[] normal(Value like, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] elements = new float[Math.toIntExact(like.shape().elements())];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (float) random.nextGaussian();
    }
    return elements;
  }

  private static void assertNear(float[] expected, float[] actual, String what) {
    assertEquals(expected.length, actual.length, what);
    double largest = 0;
    for (float element : expected) {
      largest = Math.max(largest, Math.abs(element));
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-5 * largest, what + ", element " + i);
    }
  }

  private static float[] values(Tensor tensor) {
    Tensor contiguous = tensor.detach().contiguous();
    float[] values = new float[Math.toIntExact(contiguous.numel())];
    new FloatPointer(contiguous.data_ptr()).get(values);
    return values;
  }
}
