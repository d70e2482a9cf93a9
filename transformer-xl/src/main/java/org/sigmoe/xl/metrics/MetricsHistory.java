package org.sigmoe.xl.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * All that a run has measured, read back from its {@link MetricsFile}, whatever state that is in:
 * lines that are no records are told apart, and all others are there.
 *
 * @param records in the order of the steps; where a file holds one twice, as after it was put
 *     together by hand, the later
 * @param damagedLines numbers of the lines that are no records, from 1
 * @param unfinishedLine whether the last line is half written: by a process that was killed, or one
 *     that is writing it now
 * @param repeated how many records stood there twice
 */
public record MetricsHistory(
    List<Entry> records, List<Long> damagedLines, boolean unfinishedLine, long repeated) {
  /** More than a run of years writes. */
  private static final long MAX_BYTES = 1L << 30;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What was measured at one time.
   *
   * @param step steps done
   * @param values numbers by the keys of their metrics, those that are not finite included
   */
  public record Entry(long step, Map<String, Double> values) {
    /** Copies the values, in their order. */
    public Entry {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** A number of this record, if it has one for the metric. */
    public OptionalDouble get(Metric metric) {
      Double value = values.get(metric.key());
      return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
  }

  /** A record of the same step that measures the same. */
  private record Identity(long step, Set<String> keys) {}

  /** Copies the lists. */
  public MetricsHistory {
    records = List.copyOf(records);
    damagedLines = List.copyOf(damagedLines);
  }

  /** Of a run that has measured nothing. */
  public static MetricsHistory empty() {
    return new MetricsHistory(List.of(), List.of(), false, 0);
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or is far too long for metrics
   */
  public static MetricsHistory read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " is too long for the metrics of a run; is it another file?");
    }
    Map<Identity, Entry> entries = new LinkedHashMap<>();
    List<Long> damaged = new ArrayList<>();
    long lines = 0;
    long whole = 0;
    // Not Files.lines: it ends at the first byte that is no UTF-8.
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines++;
        JsonNode node = parse(line);
        if (node.path(Metric.STEP_KEY).canConvertToLong()) {
          Entry entry = entry(node);
          entries.remove(identity(entry));
          entries.put(identity(entry), entry);
          whole++;
        } else {
          damaged.add(lines);
        }
      }
    }
    boolean unfinished = !damaged.isEmpty() && damaged.getLast() == lines;
    if (unfinished) {
      damaged.removeLast();
    }
    List<Entry> records = new ArrayList<>(entries.values());
    records.sort(Comparator.comparingLong(Entry::step));
    return new MetricsHistory(records, damaged, unfinished, whole - entries.size());
  }

  /** One metric over the steps. */
  public MetricSeries series(Metric metric) {
    List<MetricSeries.Point> points = new ArrayList<>();
    for (Entry entry : records) {
      entry.get(metric).ifPresent(value -> points.add(new MetricSeries.Point(entry.step(), value)));
    }
    return new MetricSeries(points);
  }

  /** The last step of which there is a record; 0 where there is none. */
  public long lastStep() {
    return records.isEmpty() ? 0 : records.getLast().step();
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException _) {
      return JSON.missingNode();
    }
  }

  private static Identity identity(Entry entry) {
    return new Identity(entry.step(), entry.values().keySet());
  }

  private static Entry entry(JsonNode node) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      JsonNode value = field.getValue();
      if (value.isNumber()) {
        values.put(field.getKey(), value.doubleValue());
      } else {
        notFinite(value.asText()).ifPresent(number -> values.put(field.getKey(), number));
      }
    }
    values.remove(Metric.STEP_KEY);
    return new Entry(node.path(Metric.STEP_KEY).longValue(), values);
  }

  /** Numbers that JSON lacks are texts. */
  private static OptionalDouble notFinite(String text) {
    return switch (text) {
      case "NaN" -> OptionalDouble.of(Double.NaN);
      case "Infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
      case "-Infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
      default -> OptionalDouble.empty();
    };
  }
}
