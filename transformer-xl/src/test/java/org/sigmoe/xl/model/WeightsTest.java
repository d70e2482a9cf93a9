package org.sigmoe.xl.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.nn.checkpoint.CheckpointException;
import org.sigmoe.nn.checkpoint.NamedTensor;
import org.sigmoe.nn.checkpoint.SafetensorsReader;
import org.sigmoe.nn.checkpoint.SafetensorsWriter;
import org.sigmoe.nn.engine.Engine;
import org.sigmoe.nn.engine.EngineOptions;
import org.sigmoe.nn.engine.Engines;
import org.sigmoe.nn.layer.DenseConfig;
import org.sigmoe.nn.layer.Parameter;

class WeightsTest {
  private static final ModelConfig SMALL =
      new ModelConfig(20, 12, 1, 2, 6, new DenseConfig(16), 6, 6, 0);
  private static final ModelConfig TWO_LAYERS =
      new ModelConfig(20, 12, 2, 2, 6, new DenseConfig(16), 6, 6, 0);

  @TempDir Path folder;

  @Test
  void whatIsWrittenUnderItsNamesIsReadAgain() throws CheckpointException {
    Path file = folder.resolve("model.safetensors");
    write(SMALL, 1, file);
    LanguageModel model = new LanguageModel(SMALL);
    try (SafetensorsReader reader = SafetensorsReader.open(file);
        Engine engine = Engines.open("cpu", EngineOptions.defaults())) {
      Weights.load(file, model, engine);

      for (Parameter parameter : model.parameters()) {
        NamedTensor tensor = reader.tensor(parameter.name());
        assertArrayEquals(tensor.toFloats(), contents(parameter, engine), parameter.name());
      }
      assertTrue(reader.contains("layers.0.self_attn.s_bias"));
      assertEquals(model.parameters().size(), reader.specs().size());
    }
  }

  @Test
  void weightsOfAnotherModelAreRefusedAndTheEngineKeepsItsOwn() throws CheckpointException {
    Path file = folder.resolve("model.safetensors");
    write(TWO_LAYERS, 1, file);
    LanguageModel model = new LanguageModel(SMALL);
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults())) {
      model.initialise(engine, 2);
      List<float[]> before = contents(model, engine);

      CheckpointException e =
          assertThrows(CheckpointException.class, () -> Weights.load(file, model, engine));

      assertTrue(
          e.getMessage()
              .contains("layers.1.linear1.weight: F32[16, 12] in the file, unknown to the model"),
          e::getMessage);
      List<float[]> after = contents(model, engine);
      for (int i = 0; i < before.size(); i++) {
        assertArrayEquals(before.get(i), after.get(i));
      }
    }
  }

  private static void write(ModelConfig config, long seed, Path file) throws CheckpointException {
    LanguageModel model = new LanguageModel(config);
    try (Engine engine = Engines.open("cpu", EngineOptions.defaults());
        Arena arena = Arena.ofConfined()) {
      model.initialise(engine, seed);
      StoredVariables stored = new StoredVariables(Weights.variables(model), arena);
      new SafetensorsWriter().write(file, stored.read(engine), Map.of());
    }
  }

  private static List<float[]> contents(LanguageModel model, Engine engine) {
    return model.parameters().stream().map(p -> contents(p, engine)).toList();
  }

  private static float[] contents(Parameter parameter, Engine engine) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment elements = arena.allocate(parameter.variable().type().bytes(), Float.BYTES);
      engine.read(parameter.variable(), elements);
      return elements.toArray(ValueLayout.JAVA_FLOAT);
    }
  }
}
