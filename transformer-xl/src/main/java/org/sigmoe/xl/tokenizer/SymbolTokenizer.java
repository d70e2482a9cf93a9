package org.sigmoe.xl.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Single bytes or characters as tokens, of those only that a text was seen to have: token t is the
 * t-th of them in ascending order. This is how enwik8 is read, whose bytes take 205 of 256 values.
 *
 * <pre>{@code
 * SymbolTokenizer.Collector seen = new SymbolTokenizer.Collector(Symbols.BYTES);
 * seen.add(text, 0, text.length);
 * SymbolTokenizer tokenizer = seen.tokenizer();
 * }</pre>
 */
public final class SymbolTokenizer implements Tokenizer {

  /** What a token is. */
  public enum Symbols {
    /** A byte of the text in UTF-8. */
    BYTES(1 << Byte.SIZE),
    /** A Unicode code point. */
    CHARACTERS(Character.MAX_CODE_POINT + 1);

    private final int count;

    Symbols(int count) {
      this.count = count;
    }

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Finds out which symbols there are. */
  public static final class Collector {
    private final Symbols symbols;
    private final BitSet seen = new BitSet();

    /** Nothing is seen yet. */
    public Collector(Symbols symbols) {
      this.symbols = symbols;
    }

    /** Looks at some text in UTF-8, which begins and ends between two characters. */
    public void add(byte[] text, int offset, int count) {
      switch (symbols) {
        case BYTES -> {
          for (int i = offset; i < offset + count; i++) {
            seen.set(Byte.toUnsignedInt(text[i]));
          }
        }
        case CHARACTERS ->
            scalars(new String(text, offset, count, StandardCharsets.UTF_8)).forEach(seen::set);
      }
    }

    /**
     * The tokenizer of what was seen.
     *
     * @throws IllegalArgumentException if nothing was
     */
    public SymbolTokenizer tokenizer() {
      return new SymbolTokenizer(symbols, seen.stream().toArray());
    }
  }

  /** The file's content. */
  private record Form(String format, int version, Symbols symbols, int[] vocabulary) {}

  private static final String FORMAT = "sigmoe-symbols";
  private static final int VERSION = 1;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .build();

  private final Symbols symbols;
  private final int[] vocabulary;

  private SymbolTokenizer(Symbols symbols, int[] vocabulary) {
    this.symbols = symbols;
    this.vocabulary = vocabulary;
    if (vocabulary.length == 0) {
      throw new IllegalArgumentException("a vocabulary needs at least one symbol");
    }
    for (int i = 0; i < vocabulary.length; i++) {
      boolean ascends = i == 0 || vocabulary[i] > vocabulary[i - 1];
      if (!ascends || vocabulary[i] < 0 || vocabulary[i] >= symbols.count) {
        throw new IllegalArgumentException(
            "symbol %d of the vocabulary, %d, is none of the %s or not in ascending order"
                .formatted(i, vocabulary[i], symbols.label()));
      }
    }
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IOException if it is something else
   */
  public static SymbolTokenizer fromJson(byte[] json) throws IOException {
    Form form = JSON.readValue(json, Form.class);
    if (!form.format.equals(FORMAT) || form.version != VERSION) {
      throw new IOException(
          "it is a tokenizer of format %s, version %d, not %s, version %d"
              .formatted(form.format, form.version, FORMAT, VERSION));
    }
    try {
      return new SymbolTokenizer(form.symbols, form.vocabulary);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * The vocabulary as JSON: {@code {"format":"sigmoe-symbols","version":1,"symbols":"BYTES",...}}.
   */
  public byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(new Form(FORMAT, VERSION, symbols, vocabulary));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of numbers can be written", e);
    }
  }

  /** What a token is. */
  public Symbols symbols() {
    return symbols;
  }

  @Override
  public String name() {
    return symbols.label() + " seen";
  }

  @Override
  public int vocabularySize() {
    return vocabulary.length;
  }

  /**
   * {@inheritDoc}
   *
   * @throws TokenizerException if the text has a symbol that is not in the vocabulary
   */
  @Override
  public int[] encode(String text) {
    return switch (symbols) {
      case BYTES -> encode(text.getBytes(StandardCharsets.UTF_8));
      case CHARACTERS -> scalars(text).map(this::token).toArray();
    };
  }

  /**
   * The tokens of a text in UTF-8. Where tokens are bytes, it may be anything, and begin and end
   * anywhere.
   *
   * @throws TokenizerException if the text has a symbol that is not in the vocabulary
   */
  public int[] encode(byte[] utf8) {
    return switch (symbols) {
      case BYTES -> {
        int[] tokens = new int[utf8.length];
        for (int i = 0; i < tokens.length; i++) {
          tokens[i] = token(Byte.toUnsignedInt(utf8[i]));
        }
        yield tokens;
      }
      case CHARACTERS -> encode(new String(utf8, StandardCharsets.UTF_8));
    };
  }

  /** The text in UTF-8 that tokens stand for; any bytes, where tokens are bytes. */
  public byte[] textOf(int[] tokens) {
    return switch (symbols) {
      case BYTES -> {
        byte[] bytes = new byte[tokens.length];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) symbol(tokens[i]);
        }
        yield bytes;
      }
      case CHARACTERS -> decode(tokens).getBytes(StandardCharsets.UTF_8);
    };
  }

  /** The code points of a text, an unpaired surrogate as {@code ?}, as in UTF-8. */
  private static IntStream scalars(String text) {
    return text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '?' : c);
  }

  private int token(int symbol) {
    int token = Arrays.binarySearch(vocabulary, symbol);
    if (token < 0) {
      throw new TokenizerException(
          "the text has %s, which is none of the %d %s that the tokenizer knows"
              .formatted(
                  symbols == Symbols.BYTES
                      ? "the byte 0x%02X".formatted(symbol)
                      : "the character U+%04X".formatted(symbol),
                  vocabulary.length,
                  symbols.label()));
    }
    return token;
  }

  private int symbol(int token) {
    if (token < 0 || token >= vocabulary.length) {
      throw new IllegalArgumentException(
          "token %d is none of the %d %s".formatted(token, vocabulary.length, symbols.label()));
    }
    return vocabulary[token];
  }

  @Override
  public TokenDecoder decoder() {
    return switch (symbols) {
      case BYTES -> new OfBytes(new ByteTokenizer().decoder());
      case CHARACTERS -> new OfCharacters();
    };
  }

  private final class OfBytes implements TokenDecoder {
    private final TokenDecoder bytes;

    OfBytes(TokenDecoder bytes) {
      this.bytes = bytes;
    }

    @Override
    public String accept(int token) {
      return bytes.accept(symbol(token));
    }

    @Override
    public boolean permits(int token) {
      return bytes.permits(symbol(token));
    }

    @Override
    public String finish() {
      return bytes.finish();
    }
  }

  private final class OfCharacters implements TokenDecoder {

    @Override
    public String accept(int token) {
      return Character.toString(symbol(token));
    }

    @Override
    public boolean permits(int token) {
      return symbol(token) >= 0;
    }

    @Override
    public String finish() {
      return "";
    }
  }
}
