package org.sigmoe.xl.tokenizer.sentencepiece;

import java.util.List;
import java.util.Set;
import org.sigmoe.xl.tokenizer.TokenDecoder;
import org.sigmoe.xl.tokenizer.Utf8Decoder;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.model.Piece;
import org.sigmoe.xl.tokenizer.sentencepiece.model.PieceType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.SentencePieceModel;

/**
 * Decodes as the reference does: U+2581 is a space, spaces that normalisation would not keep at the
 * beginning are left out, control pieces are nothing and the unknown piece is its surface.
 *
 * <p>One thing is different: of bytes that are no character, one U+FFFD comes for each maximal part
 * of a character ({@link Utf8Decoder}), where the reference has one for each byte.
 */
final class SentencePieceDecoder implements TokenDecoder {

  /** What happens to a space at the beginning of the next piece. */
  private enum Leading {
    /** Removed, and then all that follow, while there is no text. */
    REMOVE_ALL,
    /** Removed once. */
    REMOVE_ONE,
    KEPT
  }

  private final List<Piece> pieces;
  private final String unknownSurface;
  private final Utf8Decoder utf8 = new Utf8Decoder();
  private final StringBuilder text = new StringBuilder();
  private Leading leading;

  SentencePieceDecoder(SentencePieceModel model) {
    pieces = model.pieces();
    unknownSurface = model.trainer().special().unknownSurface();
    leading = leading(model.normalizer().flags());
  }

  private static Leading leading(Set<NormalizerFlag> flags) {
    if (flags.contains(NormalizerFlag.REMOVE_EXTRA_WHITESPACES)) {
      return Leading.REMOVE_ALL;
    }
    return flags.contains(NormalizerFlag.ADD_DUMMY_PREFIX) ? Leading.REMOVE_ONE : Leading.KEPT;
  }

  @Override
  public String accept(int token) {
    Piece piece = piece(token);
    if (piece.type() == PieceType.BYTE) {
      utf8.accept(piece.byteValue(), text);
    } else {
      utf8.finish(text);
      if (!text.isEmpty()) {
        leading = Leading.KEPT;
      }
      append(piece);
    }
    return take();
  }

  private void append(Piece piece) {
    switch (piece.type()) {
      case CONTROL -> {}
      case UNKNOWN -> text.append(unknownSurface);
      case NORMAL, USER_DEFINED, UNUSED, BYTE -> text.append(spaced(piece.text()));
    }
  }

  private String spaced(String piece) {
    boolean begins = !piece.isEmpty() && piece.charAt(0) == Piece.SPACE;
    String kept = piece;
    if (begins && leading != Leading.KEPT) {
      kept = piece.substring(1);
      if (leading == Leading.REMOVE_ONE) {
        leading = Leading.KEPT;
      }
    }
    return kept.replace(Piece.SPACE, ' ');
  }

  @Override
  public boolean permits(int token) {
    Piece piece = piece(token);
    return switch (piece.type()) {
      case NORMAL, USER_DEFINED -> utf8.isBetweenCharacters();
      case BYTE -> utf8.permits(piece.byteValue());
      case UNKNOWN, CONTROL, UNUSED -> false;
    };
  }

  @Override
  public String finish() {
    utf8.finish(text);
    return take();
  }

  private String take() {
    String taken = text.toString();
    text.setLength(0);
    if (!taken.isEmpty()) {
      leading = Leading.KEPT;
    }
    return taken;
  }

  private Piece piece(int token) {
    if (token < 0 || token >= pieces.size()) {
      throw new IllegalArgumentException(
          "token %d is none of the model's, which are 0 to %d".formatted(token, pieces.size() - 1));
    }
    return pieces.get(token);
  }
}
