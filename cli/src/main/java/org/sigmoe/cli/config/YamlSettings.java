package org.sigmoe.cli.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.checkpoint.CheckpointException;

/** Settings as YAML: nested maps of single values. */
public final class YamlSettings {
  private static final YAMLFactory YAML =
      YAMLFactory.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .build();

  private final String source;
  private final YAMLParser parser;
  private Settings read = Settings.empty();

  private YamlSettings(String source, YAMLParser parser) {
    this.source = source;
    this.parser = parser;
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException if it cannot be read or is not of nested maps of single values; names
   *     the line
   */
  public static Settings read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (MalformedInputException e) {
      throw new ConfigException(file + ": not a text in UTF-8; a configuration is a YAML text");
    } catch (IOException e) {
      throw new ConfigException("cannot read " + file + ": " + CheckpointException.reason(e));
    }
  }

  /**
   * Reads a text.
   *
   * @param source what to call it in messages
   * @throws ConfigException as {@link #read}
   */
  public static Settings parse(String source, String text) {
    try (YAMLParser parser = YAML.createParser(text)) {
      return new YamlSettings(source, parser).document();
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new ConfigException("%s:%d: not YAML: %s".formatted(source, line, reason));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  private Settings document() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == null) {
      return read;
    }
    if (first != JsonToken.START_OBJECT) {
      throw new ConfigException(where() + ": keys with values are needed here, as 'steps: 1000'");
    }
    map("");
    if (parser.nextToken() != null) {
      throw new ConfigException(where() + ": a second document; a configuration is one");
    }
    return read;
  }

  private void map(String prefix) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = prefix + parser.currentName();
      JsonToken value = parser.nextToken();
      if (parser.isCurrentAlias()) {
        throw ConfigException.at(
            where(), key, "references (*name) are not supported; write it out");
      }
      switch (value) {
        case START_OBJECT -> map(key + ".");
        case START_ARRAY ->
            throw ConfigException.at(where(), key, "is a list; a single value is needed");
        case VALUE_NULL -> put(key, null);
        default -> put(key, parser.getText().isEmpty() ? null : parser.getText());
      }
    }
  }

  private void put(String key, @Nullable String text) {
    read.get(key)
        .ifPresent(
            earlier -> {
              throw ConfigException.at(
                  where(), key, "is written twice, first at " + earlier.where());
            });
    read = read.with(key, text, where());
  }

  private String where() {
    return source + ":" + parser.currentTokenLocation().getLineNr();
  }

  /**
   * Writes settings.
   *
   * @param keys which, and in what order; keys of one group stand together
   */
  static String write(Settings settings, List<String> keys) {
    StringWriter text = new StringWriter();
    try (YAMLGenerator yaml = YAML.createGenerator(text)) {
      yaml.writeStartObject();
      String[] open = {};
      for (String key : keys) {
        String[] path = key.split("\\.");
        int common = commonGroups(open, path);
        for (int i = open.length - 1; i > common; i--) {
          yaml.writeEndObject();
        }
        for (int i = common; i < path.length - 1; i++) {
          yaml.writeObjectFieldStart(path[i]);
        }
        yaml.writeFieldName(path[path.length - 1]);
        yaml.writeString(settings.text(key).orElse(null));
        open = path;
      }
      for (int i = open.length - 1; i > 0; i--) {
        yaml.writeEndObject();
      }
      yaml.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return text.toString();
  }

  /** How many groups two keys share. */
  private static int commonGroups(String[] one, String[] other) {
    int common = 0;
    while (common < one.length - 1
        && common < other.length - 1
        && one[common].equals(other[common])) {
      common++;
    }
    return common;
  }
}
