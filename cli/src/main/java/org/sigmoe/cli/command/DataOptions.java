package org.sigmoe.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.data.documents.TextLayout;
import org.sigmoe.xl.data.prepare.DocumentReading;
import org.sigmoe.xl.data.prepare.PlanOptions;
import picocli.CommandLine.Option;

/** What all commands that prepare data take. */
final class DataOptions {
  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "Folder of the data set; given again, what was interrupted goes on")
  private Path out = Path.of("");

  @Option(
      names = "--tokenizer",
      paramLabel = "MODEL",
      description = {
        "bytes or characters: those that the texts have; bpe: pieces, trained on the texts, digits"
            + " split; or a file: a SentencePiece model, or the tokenizer.json of other prepared data"
      })
  private @Nullable String tokenizer;

  @Option(
      names = "--vocab-size",
      paramLabel = "N",
      description = "Pieces of a tokenizer that is trained (8000)")
  private @Nullable Integer vocabulary;

  @Option(
      names = "--limit-tokens",
      paramLabel = "N",
      description = "Tokens of the train split at most; documents stay whole")
  private @Nullable Long limitTokens;

  @Option(
      names = "--field",
      paramLabel = "NAME",
      description = "Field of JSON lines, or column of parquet files, with the text (text)")
  private String field = TextLayout.DEFAULT_FIELD;

  @Option(
      names = "--separator",
      paramLabel = "TEXT",
      description = "What is put after each document of these (<STORY_SEP>)")
  private String separator = DocumentReading.PUBLISHED_SEPARATOR;

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  Path out() {
    return out;
  }

  boolean json() {
    return json;
  }

  /** What the plan of a data set is made from. */
  PlanOptions plan(List<Path> from, @Nullable Long testTokens) {
    return Arguments.checked(
        () ->
            new PlanOptions(
                from,
                Optional.ofNullable(tokenizer),
                vocabulary == null ? OptionalInt.empty() : OptionalInt.of(vocabulary),
                optional(limitTokens),
                optional(testTokens),
                field,
                separator));
  }

  private static OptionalLong optional(@Nullable Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
