package org.sigmoe.xl.data.prepare;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sigmoe.xl.data.Hashes;

/**
 * How a data set is made.
 *
 * @param name what it is called
 * @param splits its texts
 * @param tokenizer what its tokens are
 * @param reading how documents are read
 * @param characters what counts as a character
 * @param settings what decides the tokens besides the sources, for people to read
 */
public record DatasetPlan(
    String name,
    List<SplitText> splits,
    TokenizerChoice tokenizer,
    DocumentReading reading,
    Characters characters,
    Map<String, String> settings) {

  /** What the counts of a text take for characters. */
  public enum Characters {
    /** Unicode code points. */
    CODE_POINTS,
    /** Bytes, as in all published results on enwik8. */
    BYTES
  }

  /** Copies list and map. */
  public DatasetPlan {
    splits = List.copyOf(splits);
    settings = new TreeMap<>(settings);
  }

  /** 16 hexadecimal digits of the settings and of where the texts are, to know the plan again. */
  String key() {
    MessageDigest digest = Hashes.sha256();
    StringBuilder text = new StringBuilder(name).append(settings);
    if (tokenizer instanceof TokenizerChoice.Given(Path file)) {
      text.append(new Shard.Local(file).stamp());
    }
    for (SplitText split : splits) {
      text.append(split.split()).append(split.window());
      for (Portion portion : split.portions()) {
        text.append(portion.shard().name())
            .append(portion.shard().stamp())
            .append(portion.start())
            .append(portion.end());
      }
    }
    digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
    return Hashes.shortHex(digest);
  }
}
