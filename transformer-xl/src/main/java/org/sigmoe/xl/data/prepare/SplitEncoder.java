package org.sigmoe.xl.data.prepare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.data.TextCounter;
import org.sigmoe.xl.data.TextCounts;
import org.sigmoe.xl.data.TokenFileWriter;
import org.sigmoe.xl.data.documents.TextLayout;
import org.sigmoe.xl.tokenizer.SymbolTokenizer;
import org.sigmoe.xl.tokenizer.Tokenizer;

/**
 * Writes the tokens of a split. Texts are encoded on all processors, some megabytes at a time, and
 * written in their order.
 */
final class SplitEncoder {
  private static final int BATCH_BYTES = 4 << 20;

  private final Tokenizer tokenizer;
  private final TextLayout.Plain plain;
  private final SplitText split;
  private final TokenFileWriter writer;
  private final TextCounter counter = new TextCounter();
  private long seen;
  private boolean full;

  SplitEncoder(Tokenizer tokenizer, SplitText split, TokenFileWriter writer) {
    this.tokenizer = tokenizer;
    this.plain = plain(tokenizer);
    this.split = split;
    this.writer = writer;
  }

  /**
   * Bytes and characters stand for a text as it is. A SentencePiece model takes one line after the
   * other, and loses where a line ends.
   */
  static TextLayout.Plain plain(Tokenizer tokenizer) {
    return tokenizer instanceof SymbolTokenizer ? TextLayout.Plain.WHOLE : TextLayout.Plain.LINES;
  }

  /** A text and its tokens. */
  private record Encoded(SplitReader.Text text, int[] tokens) {}

  /**
   * Reads all texts, or as many as the split may have tokens.
   *
   * @throws org.sigmoe.xl.data.DataException if a text cannot be read
   * @throws org.sigmoe.xl.tokenizer.TokenizerException if one cannot be encoded
   * @throws IOException if tokens cannot be written
   */
  TextCounts run(SplitReader reader) throws IOException {
    // Once it is full nothing more is read: the next shard may have to be fetched first.
    while (!full && reader.openPortion()) {
      encodePortion(reader);
    }
    return counter.counts(writer.tokens());
  }

  private void encodePortion(SplitReader reader) throws IOException {
    List<SplitReader.Text> texts = batch(reader);
    while (!full && !texts.isEmpty()) {
      List<SplitReader.Text> batch = texts;
      List<Encoded> encoded =
          IntStream.range(0, batch.size())
              .parallel()
              .mapToObj(i -> new Encoded(batch.get(i), encode(batch.get(i))))
              .toList();
      for (Encoded next : encoded) {
        write(next);
      }
      texts = batch(reader);
    }
  }

  private List<SplitReader.Text> batch(SplitReader reader) {
    List<SplitReader.Text> batch = new ArrayList<>();
    long bytes = 0;
    while (bytes < BATCH_BYTES) {
      SplitReader.@Nullable Text text = reader.nextOfPortion();
      if (text == null) {
        break;
      }
      batch.add(text);
      bytes += text.bytes().length;
    }
    return batch;
  }

  private int[] encode(SplitReader.Text text) {
    byte[] all = text.joined(0);
    return tokenizer instanceof SymbolTokenizer symbols
        ? symbols.encode(all)
        : tokenizer.encode(new String(all, StandardCharsets.UTF_8));
  }

  private void write(Encoded next) throws IOException {
    if (full) {
      return;
    }
    long before = seen;
    seen += next.tokens().length;
    TokenWindow window = split.window();
    if (seen > window.end()) {
      full = true;
      int left = (int) (window.end() - before);
      if (next.text().separator().length == 0
          && left > 0
          && tokenizer instanceof SymbolTokenizer symbols) {
        // A piece of a longer text, which may be cut anywhere.
        int[] tokens = Arrays.copyOf(next.tokens(), left);
        writer.write(tokens);
        byte[] text = symbols.textOf(tokens);
        counter.add(text, 0, text.length);
      }
    } else if (seen > window.after()) {
      writer.write(next.tokens());
      counter.add(next.text().bytes(), 0, next.text().bytes().length);
      if (plain == TextLayout.Plain.LINES || next.text().separator().length > 0) {
        counter.endText();
      }
      full = seen == window.end();
    }
  }
}
