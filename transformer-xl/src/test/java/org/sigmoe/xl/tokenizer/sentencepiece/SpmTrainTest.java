package org.sigmoe.xl.tokenizer.sentencepiece;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.xl.tokenizer.TokenizerException;
import org.sigmoe.xl.tokenizer.sentencepiece.model.ModelType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.SentencePieceModel;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;

class SpmTrainTest {

  @TempDir private Path folder;

  @Test
  void itIsFoundOnThePathAlone() throws Exception {
    Path program = folder.resolve("spm_train");
    assertTrue(SpmTrain.find("").isEmpty());
    assertTrue(SpmTrain.find(folder.toString()).isEmpty());
    Files.writeString(program, "#!/bin/sh\n");
    assertTrue(SpmTrain.find("/nowhere:" + folder).isEmpty(), "it cannot be executed");
    assertTrue(program.toFile().setExecutable(true));
    assertEquals(program, SpmTrain.find("/nowhere:" + folder).orElseThrow().program());
  }

  @Test
  void unigramModelsAreTrainedByTheReference() throws Exception {
    ReferenceProgram.require("spm_train");
    TrainerSpec spec = TrainerSpec.DEFAULTS.withVocabSize(300).withFlags(TrainerFlag.defaults());
    byte[] file =
        SpmTrain.find()
            .orElseThrow()
            .train(
                spec,
                "identity",
                NormalizerFlag.defaults(),
                out -> out.write(Fixture.bytes("training.txt")),
                folder);
    SentencePieceModel model = SentencePieceModel.parse(file);
    assertEquals(300, model.pieces().size());
    assertEquals(ModelType.UNIGRAM, model.trainer().modelType());
    assertEquals("identity", model.normalizer().name());
    assertNothingIsLeft();
  }

  @Test
  void whatItSaidLastIsToldWhenItFails() throws Exception {
    Path program = folder.resolve("bin").resolve("spm_train");
    Files.createDirectory(program.getParent());
    Files.writeString(
        program, "#!/bin/sh\necho first\necho the vocabulary is too large >&2\nexit 3\n");
    assertTrue(program.toFile().setExecutable(true));
    SpmTrain reference = SpmTrain.find(program.getParent().toString()).orElseThrow();
    // Far more than a pipe holds, which nobody reads.
    SpmTrain.Texts texts = SpmTrainTest::writeMuch;
    Path work = Files.createDirectory(folder.resolve("work"));
    TokenizerException failed =
        assertThrows(
            TokenizerException.class,
            () ->
                reference.train(
                    TrainerSpec.DEFAULTS, "nfkc", NormalizerFlag.defaults(), texts, work));
    assertEquals("spm_train failed: first / the vocabulary is too large", failed.getMessage());
    try (var left = Files.list(work)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private static void writeMuch(OutputStream out) throws java.io.IOException {
    for (int i = 0; i < 100; i++) {
      out.write(new byte[10_000]);
    }
  }

  private void assertNothingIsLeft() throws Exception {
    try (var left = Files.list(folder)) {
      assertFalse(left.findAny().isPresent());
    }
  }
}
