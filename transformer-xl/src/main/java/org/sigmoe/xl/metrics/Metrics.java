package org.sigmoe.xl.metrics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was measured at one step.
 *
 * <pre>{@code
 * Metrics.at(100).withLoss(1.25).with(Metric.LEARNING_RATE, 2.5e-4).toJson()
 * // {"step":100,"loss":1.25,"bitsPerToken":1.8033688011112043,"learningRate":2.5E-4}
 * }</pre>
 *
 * @param step the number of optimiser steps done when it was measured
 * @param values the quantities in the order in which they are written
 */
public record Metrics(long step, Map<Metric, Double> values) {

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Copies the values.
   *
   * @throws IllegalArgumentException if two metrics have one key
   */
  public Metrics {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    if (values.keySet().stream().map(Metric::key).distinct().count() < values.size()) {
      throw new IllegalArgumentException("two metrics of one record have the same key: " + values);
    }
  }

  /** Returns an empty record of a step. */
  public static Metrics at(long step) {
    return new Metrics(step, Map.of());
  }

  /** Returns this record with a quantity more, or with another value for it. */
  public Metrics with(Metric metric, double value) {
    Map<Metric, Double> more = new LinkedHashMap<>(values);
    more.put(metric, value);
    return new Metrics(step, more);
  }

  /** Returns this record with the training loss, given in nats, in nats and bits for each token. */
  public Metrics withLoss(double nats) {
    return with(Metric.LOSS, nats).with(Metric.BITS_PER_TOKEN, bits(nats));
  }

  /** Returns this record with the validation loss, given in nats, in nats and bits. */
  public Metrics withValidationLoss(double nats) {
    return with(Metric.VALIDATION_LOSS, nats).with(Metric.VALIDATION_BITS_PER_TOKEN, bits(nats));
  }

  /**
   * Returns this record as one JSON object on one line, without the line break. JSON has no numbers
   * that are not finite: they are the strings "NaN", "Infinity" and "-Infinity".
   */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField(Metric.STEP_KEY, step);
      for (Map.Entry<Metric, Double> e : values.entrySet()) {
        switch (e.getKey().form()) {
          case MEASURE -> json.writeNumberField(e.getKey().key(), e.getValue());
          case COUNT -> json.writeNumberField(e.getKey().key(), e.getValue().longValue());
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return text.toString();
  }

  private static double bits(double nats) {
    return nats / Math.log(2);
  }
}
