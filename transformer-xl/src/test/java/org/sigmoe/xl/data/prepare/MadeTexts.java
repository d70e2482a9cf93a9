package org.sigmoe.xl.data.prepare;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.sigmoe.xl.tokenizer.sentencepiece.bpe.BpeTrainer;
import org.sigmoe.xl.tokenizer.sentencepiece.bpe.TrainingProgress;
import org.sigmoe.xl.tokenizer.sentencepiece.model.ModelType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerSpec;
import org.sigmoe.xl.tokenizer.sentencepiece.normalize.NormalizationRule;

/** Makes texts, and a model of them. */
final class MadeTexts {
  private static final List<String> WORDS =
      List.of("the", "quick", "brown", "fox", "jumps", "over", "12", "lazy", "dogs", "of", "Asia");

  private MadeTexts() {}

  /** Lines of some words each; the same seed gives the same. */
  static List<String> lines(int count, int seed) {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> words = new ArrayList<>();
      for (int j = 0; j < 3 + random.nextInt(6); j++) {
        words.add(WORDS.get(random.nextInt(WORDS.size())));
      }
      lines.add(String.join(" ", words));
    }
    return lines;
  }

  static Path write(Path file, List<String> lines) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, String.join("\n", lines) + "\n");
  }

  /** JSON lines, compressed. */
  static Path shard(Path file, List<String> documents) throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (String document : documents) {
        out.write("{\"text\":\"%s\"}\n".formatted(document).getBytes(StandardCharsets.UTF_8));
      }
    }
    return file;
  }

  /** A SentencePiece model of lines of these words. */
  static Path model(Path file) throws IOException {
    TrainerSpec spec = TrainerSpec.DEFAULTS.withModelType(ModelType.BPE).withVocabSize(60);
    BpeTrainer trainer =
        new BpeTrainer(
            spec,
            NormalizationRule.NMT_NFKC.spec(NormalizerFlag.defaults()),
            TrainingProgress.NONE);
    String text = String.join("\n", lines(500, 0));
    trainer.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    trainer.train().write(file);
    return file;
  }
}
