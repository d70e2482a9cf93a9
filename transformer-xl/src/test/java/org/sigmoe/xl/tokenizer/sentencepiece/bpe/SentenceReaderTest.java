package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SentenceReaderTest {

  @Test
  void linesAreSentencesHoweverTheyArrive() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      String text =
          random
              .ints(random.nextInt(300), 0, 20)
              .mapToObj(i -> i < 3 ? "\n" : "x")
              .collect(Collectors.joining());
      List<String> sentences = new ArrayList<>();
      SentenceReader reader = new SentenceReader(8, taking(sentences), TrainingProgress.NONE);
      reader.read(dripping(text, random));
      List<String> lines = Arrays.stream(text.split("\n")).filter(line -> !line.isEmpty()).toList();
      assertEquals(lines.stream().filter(line -> line.length() <= 8).toList(), sentences, text);
      assertEquals(
          lines.stream().filter(line -> line.length() > 8).count(),
          reader.tooLongSentences(),
          text);
    }
  }

  @Test
  void aTextEndsASentenceWithoutALineBreak() throws IOException {
    List<String> sentences = new ArrayList<>();
    SentenceReader reader = new SentenceReader(100, taking(sentences), TrainingProgress.NONE);
    reader.read(new ByteArrayInputStream("one\ntwo".getBytes(StandardCharsets.UTF_8)));
    reader.read(new ByteArrayInputStream("three".getBytes(StandardCharsets.UTF_8)));
    assertEquals(List.of("one", "two", "three"), sentences);
  }

  private static SentenceReader.Sink taking(List<String> sentences) {
    return (bytes, from, to) ->
        sentences.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
  }

  /** A stream that gives a few bytes at a time. */
  private static InputStream dripping(String text, Random random) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)) {
      @Override
      public int read(byte[] bytes, int from, int length) {
        return super.read(bytes, from, Math.min(length, 1 + random.nextInt(12)));
      }
    };
  }
}
