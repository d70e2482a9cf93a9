package org.sigmoe.xl.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainAndGenerateExampleTest {
  @TempDir Path folder;

  @Test
  void modelContinuesTheTextItLearned() throws IOException {
    Path text = folder.resolve("counting.txt");
    String sentence = "one two three four five six seven. ";
    Files.writeString(text, sentence.repeat(5000));
    // Long enough to fill the memory: the model has hardly ever seen an empty one.
    String prompt = sentence.repeat(3) + "one two three ";
    String written = TrainAndGenerateExample.run(text, folder.resolve("run"), prompt);
    assertTrue(written.startsWith("four five six seven. one two"), written);
  }
}
