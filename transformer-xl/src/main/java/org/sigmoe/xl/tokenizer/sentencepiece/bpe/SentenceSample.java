package org.sigmoe.xl.tokenizer.sentencepiece.bpe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A random sample of the sentences of a text, each with the same chance; the same sample every
 * time.
 *
 * <p>Source: Vitter, <a href="https://doi.org/10.1145/3147.3165">Random Sampling with a
 * Reservoir</a> (1985), algorithm R.
 */
final class SentenceSample implements SentenceReader.Sink {

  private static final long SEED = 1;

  private final long size;
  private final List<byte[]> sample = new ArrayList<>();
  private final Random random = new Random(SEED);
  private long seen;

  SentenceSample(long size) {
    this.size = size;
  }

  @Override
  public void accept(byte[] bytes, int from, int to) {
    seen++;
    if (sample.size() < size) {
      sample.add(Arrays.copyOfRange(bytes, from, to));
    } else {
      long place = random.nextLong(seen);
      if (place < size) {
        sample.set((int) place, Arrays.copyOfRange(bytes, from, to));
      }
    }
  }

  void forEach(Consumer<byte[]> taker) {
    sample.forEach(taker);
  }
}
