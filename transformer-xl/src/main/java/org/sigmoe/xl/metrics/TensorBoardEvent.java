package org.sigmoe.xl.metrics;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The few kinds of TensorBoard's {@code Event} message that are written here, encoded field by
 * field.
 *
 * <p>They are not generated from the {@code .proto} file, because the compiler for it is a native
 * program for each platform, a lot of build for seven fields. Field numbers: {@code event.proto}
 * and {@code summary.proto} of TensorBoard.
 */
final class TensorBoardEvent {

  private static final int EVENT_WALL_TIME = 1;
  private static final int EVENT_STEP = 2;
  private static final int EVENT_FILE_VERSION = 3;
  private static final int EVENT_SUMMARY = 5;
  private static final int EVENT_SESSION_LOG = 7;
  private static final int SUMMARY_VALUE = 1;
  private static final int VALUE_TAG = 1;
  private static final int VALUE_SIMPLE_VALUE = 2;
  private static final int SESSION_LOG_STATUS = 1;
  private static final int STATUS_START = 1;

  private TensorBoardEvent() {}

  /** Writes the fields of a message. */
  @FunctionalInterface
  private interface Fields {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  /** Returns the event that every file begins with. */
  static byte[] fileVersion(double wallTime) {
    return event(wallTime, 0, out -> out.writeString(EVENT_FILE_VERSION, "brain.Event:2"));
  }

  /** Returns the event after which TensorBoard forgets what it has of this step and later ones. */
  static byte[] sessionStart(double wallTime, long step) {
    byte[] log = message(out -> out.writeEnum(SESSION_LOG_STATUS, STATUS_START));
    return event(wallTime, step, out -> out.writeByteArray(EVENT_SESSION_LOG, log));
  }

  /** Returns the event with all values of a step. */
  static byte[] scalars(double wallTime, Metrics metrics) {
    byte[] summary =
        message(
            out -> {
              for (Map.Entry<Metric, Double> e : metrics.values().entrySet()) {
                out.writeByteArray(SUMMARY_VALUE, value(e.getKey().tag(), e.getValue()));
              }
            });
    return event(wallTime, metrics.step(), out -> out.writeByteArray(EVENT_SUMMARY, summary));
  }

  private static byte[] value(String tag, double value) {
    return message(
        out -> {
          out.writeString(VALUE_TAG, tag);
          out.writeFloat(VALUE_SIMPLE_VALUE, (float) value);
        });
  }

  /** Returns an event; its time is in seconds since 1970. */
  private static byte[] event(double wallTime, long step, Fields what) {
    return message(
        out -> {
          out.writeDouble(EVENT_WALL_TIME, wallTime);
          out.writeInt64(EVENT_STEP, step);
          what.writeTo(out);
        });
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      fields.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
