package org.sigmoe.xl.tokenizer;

import java.nio.charset.StandardCharsets;

/** Bytes as tokens: token t is the byte t of the UTF-8 text, V = 256. */
public final class ByteTokenizer implements Tokenizer {

  private static final int VOCABULARY = 256;

  @Override
  public String name() {
    return "bytes";
  }

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return tokens;
  }

  @Override
  public TokenDecoder decoder() {
    return new ByteDecoder();
  }

  private static final class ByteDecoder implements TokenDecoder {

    private final Utf8Decoder utf8 = new Utf8Decoder();
    private final StringBuilder text = new StringBuilder();

    @Override
    public String accept(int token) {
      utf8.accept(checked(token), text);
      return take();
    }

    @Override
    public boolean permits(int token) {
      return utf8.permits(checked(token));
    }

    @Override
    public String finish() {
      utf8.finish(text);
      return take();
    }

    private String take() {
      String taken = text.toString();
      text.setLength(0);
      return taken;
    }

    private static int checked(int token) {
      if (token < 0 || token >= VOCABULARY) {
        throw new IllegalArgumentException(
            "token " + token + " is not a byte: byte tokens are 0 to " + (VOCABULARY - 1));
      }
      return token;
    }
  }
}
