package org.sigmoe.xl.tokenizer.sentencepiece;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.sigmoe.xl.tokenizer.sentencepiece.model.NormalizerSpec;
import org.sigmoe.xl.tokenizer.sentencepiece.model.Piece;
import org.sigmoe.xl.tokenizer.sentencepiece.model.PieceType;
import org.sigmoe.xl.tokenizer.sentencepiece.model.SentencePieceModel;
import org.sigmoe.xl.tokenizer.sentencepiece.model.TrainerFlag;
import org.sigmoe.xl.tokenizer.sentencepiece.normalize.TextNormalizer;

/**
 * Encodes what is not UTF-8, which Java's strings cannot hold, as the reference does: each byte
 * that is part of no character is U+FFFD, and that is not replaced by rules, although rules may
 * replace a U+FFFD that stands in the text. So the text is normalised here, and what comes out is
 * encoded with a copy of the model that normalises no more.
 */
final class MalformedText {
  private final NormalizerSpec normalizer;
  private final TextNormalizer.AddedSpace addedSpace;
  private final List<String> userDefined;
  private final NativeProcessor processor;

  MalformedText(byte[] file, SentencePieceModel model) {
    normalizer = model.normalizer();
    addedSpace =
        model.trainer().has(TrainerFlag.TREAT_WHITESPACE_AS_SUFFIX)
            ? TextNormalizer.AddedSpace.AFTER
            : TextNormalizer.AddedSpace.BEFORE;
    userDefined =
        model.pieces().stream()
            .filter(piece -> piece.type() == PieceType.USER_DEFINED)
            .map(Piece::text)
            .toList();
    processor = NativeProcessor.load(withoutNormalizer(file));
  }

  /** Of a field that comes twice, the later one counts. */
  private static byte[] withoutNormalizer(byte[] file) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(file);
    out.writeBytes(
        SentencePieceModel.encode(new NormalizerSpec("identity", ByteString.EMPTY, Set.of())));
    return out.toByteArray();
  }

  int[] encode(byte[] text) {
    TextNormalizer normalizing = new TextNormalizer(normalizer, addedSpace, userDefined);
    int length = normalizing.normalize(text, 0, text.length);
    return processor.encode(new String(normalizing.result(), 0, length, StandardCharsets.UTF_8));
  }
}
