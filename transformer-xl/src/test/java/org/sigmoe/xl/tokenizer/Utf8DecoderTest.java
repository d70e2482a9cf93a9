package org.sigmoe.xl.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8DecoderTest {

  @Test
  void everyCodePointAppearsWithItsLastByteAndNotBefore() {
    Utf8Decoder decoder = new Utf8Decoder();
    StringBuilder out = new StringBuilder();
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
        continue;
      }
      byte[] bytes = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < bytes.length; i++) {
        assertEquals(0, out.length(), () -> "early output");
        decoder.accept(Byte.toUnsignedInt(bytes[i]), out);
      }
      assertEquals(codePoint, out.codePointAt(0));
      assertEquals(Character.charCount(codePoint), out.length());
      out.setLength(0);
    }
  }

  /** Rows of the Unicode Standard, section 3.9, Tables 3-8 to 3-11, and some of our own. */
  @ParameterizedTest
  @CsvSource({
    "C0 AF E0 80 BF F0 81 82 41, 8 A",
    "ED A0 80 ED BF BF ED AF 41, 8 A",
    "F4 91 92 93 FF 41 80 BF 42, 5 A 2 B",
    "E1 80 E2 F0 91 92 F1 BF 41, 4 A",
    "61 F1 80 80 E1 80 C2 62 80 63 80 BF 64, a 3 b 1 c 2 d",
    "C3, 1",
    "F0 9F 98, 1",
    "C3 C3 A9, 1 é",
  })
  void illFormedBytesBecomeOneReplacementForEachMaximalSubpart(String hex, String expected) {
    StringBuilder wanted = new StringBuilder();
    for (String piece : expected.split(" ")) {
      wanted.append(
          Character.isDigit(piece.charAt(0)) ? "\uFFFD".repeat(Integer.parseInt(piece)) : piece);
    }
    assertEquals(wanted.toString(), decode(parse(hex)));
  }

  @Test
  void randomBytesDecodeAsTheJdkDecodesThem() {
    Random random = new Random(1);
    int[] likely = {0x41, 0x7F, 0x80, 0x90, 0x9F, 0xA0, 0xBF, 0xC1, 0xC2, 0xE0, 0xE1, 0xF0, 0xF4};
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(12)];
      for (int i = 0; i < bytes.length; i++) {
        int any = random.nextInt(256);
        bytes[i] = (byte) (random.nextBoolean() ? likely[random.nextInt(likely.length)] : any);
        if (bytes[i] == (byte) 0xED) {
          bytes[i] = 'x'; // the JDK makes one replacement of an encoded surrogate, not three
        }
      }
      assertEquals(new String(bytes, StandardCharsets.UTF_8), decode(bytes));
    }
  }

  @Test
  void permittedBytesAreThoseThatSomeWellFormedTextContinuesWith() {
    Random random = new Random(2);
    for (int round = 0; round < 300; round++) {
      Utf8Decoder decoder = new Utf8Decoder();
      ByteBuffer prefix = ByteBuffer.allocate(8);
      while (prefix.hasRemaining()) {
        int next = random.nextInt(256);
        prefix.mark();
        prefix.put((byte) next);
        assertEquals(canBeCompleted(prefix), decoder.permits(next), () -> show(prefix));
        if (decoder.permits(next)) {
          decoder.accept(next, new StringBuilder());
        } else {
          prefix.reset();
        }
      }
    }
  }

  @Test
  void textOfPermittedBytesOnlyHasNoReplacement() {
    Random random = new Random(3);
    Utf8Decoder decoder = new Utf8Decoder();
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      int next = random.nextInt(256);
      if (decoder.permits(next)) {
        decoder.accept(next, out);
      }
    }
    assertFalse(out.isEmpty());
    assertEquals(-1, out.indexOf("\uFFFD"));
  }

  /** Tries all endings that a character can still have; the JDK's strict decoder judges. */
  private static boolean canBeCompleted(ByteBuffer prefix) {
    byte[][] endings = {{}, {(byte) 0x80}, {(byte) 0x90}, {(byte) 0xA0}};
    for (byte[] first : endings) {
      for (int more = 0; more <= 2; more++) {
        ByteBuffer whole = ByteBuffer.allocate(prefix.position() + 3);
        whole.put(prefix.array(), 0, prefix.position()).put(first);
        for (int i = 0; i < more && whole.hasRemaining(); i++) {
          whole.put((byte) 0x80);
        }
        try {
          StandardCharsets.UTF_8.newDecoder().decode(whole.flip());
          return true;
        } catch (CharacterCodingException e) {
          continue;
        }
      }
    }
    return false;
  }

  private static String show(ByteBuffer prefix) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < prefix.position(); i++) {
      shown.append("%02X ".formatted(prefix.get(i)));
    }
    return shown.toString();
  }

  private static String decode(byte[] bytes) {
    Utf8Decoder decoder = new Utf8Decoder();
    StringBuilder out = new StringBuilder();
    for (byte b : bytes) {
      decoder.accept(Byte.toUnsignedInt(b), out);
    }
    decoder.finish(out);
    return out.toString();
  }

  private static byte[] parse(String hex) {
    String[] pieces = hex.split(" ");
    byte[] bytes = new byte[pieces.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(pieces[i], 16);
    }
    return bytes;
  }
}
