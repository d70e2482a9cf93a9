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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sigmoe.nn.checkpoint.CheckpointException;

/** Settings as YAML: nested maps of single values, or where they are asked for of lists of them. */
public final class YamlSettings {
  private static final YAMLFactory YAML =
      YAMLFactory.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .build();

  /** Whether a key may have several values. */
  private enum Lists {
    ALLOWED,
    REFUSED
  }

  private final String source;
  private final YAMLParser parser;
  private final Lists lists;
  private final Map<String, List<Setting>> read = new LinkedHashMap<>();

  private YamlSettings(String source, YAMLParser parser, Lists lists) {
    this.source = source;
    this.parser = parser;
    this.lists = lists;
  }

  /**
   * Reads a file.
   *
   * @throws ConfigException if it cannot be read or is not of nested maps of single values; names
   *     the line
   */
  public static Settings read(Path file) {
    return parse(file.toString(), text(file));
  }

  /**
   * Reads a file in which a key may have a list of values.
   *
   * @return all keys in their order, each with at least one value
   * @throws ConfigException as {@link #read}, and if a list is empty or holds more than single
   *     values
   */
  public static Map<String, List<Setting>> readLists(Path file) {
    return parse(file.toString(), text(file), Lists.ALLOWED);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
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
    Settings settings = Settings.empty();
    for (Map.Entry<String, List<Setting>> entry : parse(source, text, Lists.REFUSED).entrySet()) {
      Setting value = entry.getValue().getFirst();
      settings = settings.with(entry.getKey(), value.text(), value.where());
    }
    return settings;
  }

  private static Map<String, List<Setting>> parse(String source, String text, Lists lists) {
    try (YAMLParser parser = YAML.createParser(text)) {
      return new YamlSettings(source, parser, lists).document();
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new ConfigException("%s:%d: not YAML: %s".formatted(source, line, reason));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  private Map<String, List<Setting>> document() throws IOException {
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
      switch (value) {
        case START_OBJECT -> {
          refuseAlias(key);
          map(key + ".");
        }
        case START_ARRAY -> put(key, list(key));
        default -> put(key, List.of(single(key)));
      }
    }
  }

  private void refuseAlias(String key) throws IOException {
    if (parser.isCurrentAlias()) {
      throw ConfigException.at(where(), key, "references (*name) are not supported; write it out");
    }
  }

  private List<Setting> list(String key) throws IOException {
    if (lists == Lists.REFUSED) {
      throw ConfigException.at(where(), key, "is a list; a single value is needed");
    }
    List<Setting> values = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token.isStructStart()) {
        throw ConfigException.at(where(), key, "is a list of more than single values");
      }
      values.add(single(key));
    }
    if (values.isEmpty()) {
      throw ConfigException.at(where(), key, "is an empty list; give it a value");
    }
    return values;
  }

  /** The value that the parser is at. */
  private Setting single(String key) throws IOException {
    refuseAlias(key);
    boolean nothing = parser.currentToken() == JsonToken.VALUE_NULL || parser.getText().isEmpty();
    return new Setting(nothing ? null : parser.getText(), where());
  }

  private void put(String key, List<Setting> values) {
    List<Setting> earlier = read.putIfAbsent(key, values);
    if (earlier != null) {
      throw ConfigException.at(
          where(), key, "is written twice, first at " + earlier.getFirst().where());
    }
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
