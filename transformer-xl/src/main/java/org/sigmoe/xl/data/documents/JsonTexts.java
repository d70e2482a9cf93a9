package org.sigmoe.xl.data.documents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The texts of a file that has one JSON object a line, each with its text in the same field. */
final class JsonTexts implements Texts {
  private static final int DEEPEST = 100;
  private static final int LONGEST_NAME = 10_000;

  private final LineReader lines;
  private final String field;
  private final JsonFactory json;

  JsonTexts(InputStream in, TextLayout layout) {
    this.lines = new LineReader(in, layout.longest());
    this.field = layout.field();
    this.json =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNameLength(LONGEST_NAME)
                    .maxStringLength(layout.longest())
                    .build())
            // Names in a file that is not what it should be would fill the table of known names.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
  }

  /** The next text; empty ones, and objects whose text is null, are passed over. */
  @Override
  public byte @Nullable [] next() throws IOException {
    byte[] line = lines.next();
    while (line != null) {
      String text = isBlank(line) ? null : text(line);
      if (text != null && !text.isEmpty()) {
        return text.getBytes(StandardCharsets.UTF_8);
      }
      line = lines.next();
    }
    return null;
  }

  private static boolean isBlank(byte[] line) {
    for (byte b : line) {
      if (b != ' ' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  private @Nullable String text(byte[] line) throws IOException {
    try (JsonParser parser = json.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw broken("is no JSON object");
      }
      String text = null;
      boolean found = false;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        boolean wanted = !found && field.equals(parser.currentName());
        JsonToken value = parser.nextToken();
        if (!wanted) {
          parser.skipChildren();
        } else if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL) {
          text = parser.getValueAsString();
          found = true;
        } else {
          throw broken("has a '%s' that is no string".formatted(field));
        }
      }
      if (!found) {
        throw broken("has no field '%s' (--field names another)".formatted(field));
      }
      if (parser.nextToken() != null) {
        throw broken("goes on after its JSON object");
      }
      return text;
    } catch (JsonProcessingException e) {
      throw broken("is no JSON object: " + e.getOriginalMessage());
    }
  }

  private IOException broken(String how) {
    return new IOException("line %,d %s".formatted(lines.line(), how));
  }
}
