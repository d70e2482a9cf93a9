package org.sigmoe.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sigmoe.cli.output.Json;
import org.sigmoe.cli.output.Table;
import org.sigmoe.cli.output.Units;
import org.sigmoe.xl.data.DatasetManifest;
import org.sigmoe.xl.data.PreparedData;
import org.sigmoe.xl.data.Split;
import org.sigmoe.xl.data.TextCounts;
import org.sigmoe.xl.data.TokenFileHeader;

/** Shows a prepared data set. */
final class DataView {
  private static final int SHOWN_SOURCES = 10;

  private DataView() {}

  static List<String> lines(PreparedData data) {
    DatasetManifest manifest = data.manifest();
    DatasetManifest.TokenizerEntry tokenizer = manifest.tokenizer();
    List<String> lines = new ArrayList<>();
    lines.add("%s in %s".formatted(manifest.name(), data.folder()));
    lines.add(
        "tokenizer: %s, vocabulary %s (%s)"
            .formatted(tokenizer.name(), Units.count(tokenizer.vocabulary()), tokenizer.file()));
    Table table = new Table("split", "tokens", "bytes", "characters", "words", "bytes/token");
    for (Map.Entry<Split, TokenFileHeader> split : data.headers().entrySet()) {
      TextCounts text = split.getValue().text();
      table.row(
          split.getKey().label(),
          Units.count(text.tokens()),
          Units.count(text.bytes()),
          Units.count(text.characters()),
          Units.count(text.words()),
          String.format(Locale.ROOT, "%.3f", (double) text.bytes() / text.tokens()));
    }
    lines.addAll(table.lines());
    manifest.settings().forEach((key, value) -> lines.add("%s: %s".formatted(key, value)));
    for (DatasetManifest.SourceEntry source :
        manifest.sources().stream().limit(SHOWN_SOURCES).toList()) {
      lines.add(
          "source: %s (%s%s, SHA-256 %s)"
              .formatted(
                  source.name(),
                  source.files() == 1 ? "" : Units.count(source.files()) + " files, ",
                  Units.bytes(source.bytes()),
                  source.sha256()));
    }
    if (manifest.sources().size() > SHOWN_SOURCES) {
      lines.add(
          "and %d more sources, in dataset.json"
              .formatted(manifest.sources().size() - SHOWN_SOURCES));
    }
    return lines;
  }

  static ObjectNode object(PreparedData data) {
    DatasetManifest manifest = data.manifest();
    ObjectNode object =
        Json.object().put("folder", data.folder().toString()).put("name", manifest.name());
    object
        .putObject("tokenizer")
        .put("name", manifest.tokenizer().name())
        .put("vocabulary", manifest.tokenizer().vocabulary())
        .put("file", manifest.tokenizer().file())
        .put("sha256", manifest.tokenizer().sha256());
    ObjectNode splits = object.putObject("splits");
    data.headers()
        .forEach(
            (split, header) ->
                splits
                    .putObject(split.label())
                    .put("tokens", header.text().tokens())
                    .put("bytes", header.text().bytes())
                    .put("characters", header.text().characters())
                    .put("words", header.text().words())
                    .put("sha256", header.sha256()));
    ObjectNode settings = object.putObject("settings");
    manifest.settings().forEach(settings::put);
    ArrayNode sources = object.putArray("sources");
    manifest
        .sources()
        .forEach(
            source ->
                sources
                    .addObject()
                    .put("name", source.name())
                    .put("files", source.files())
                    .put("bytes", source.bytes())
                    .put("sha256", source.sha256()));
    return object;
  }
}
