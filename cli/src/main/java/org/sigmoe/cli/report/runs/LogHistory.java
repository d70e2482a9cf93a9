package org.sigmoe.cli.report.runs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the log of a run tells.
 *
 * @param sessions its sittings, in their order
 * @param warnings with their times, the first {@value #MOST_WARNINGS}
 * @param warningCount how many there are
 */
public record LogHistory(List<Session> sessions, List<String> warnings, long warningCount) {
  private static final int MOST_WARNINGS = 100;

  private static final Pattern LINE =
      Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d)?)  (.*)");
  private static final Pattern GOING_ON = Pattern.compile("going on at step ([\\d,]{1,24}) of .*");
  private static final Pattern FAILURE =
      Pattern.compile("[\\w.$]*\\.([\\w$]+(?:Exception|Error))(?:: (.*))?");
  private static final String COMMAND = "command  ";
  private static final String CONFIG = "config   ";
  private static final String ENGINE = "engine   ";
  private static final String DATA = "data     ";
  private static final String DONE = "done     ";
  private static final String NEW = "training for ";
  private static final String STOPPED = "stopped and saved at step ";
  private static final String WARNING = "warning: ";

  /** Copies the lists. */
  public LogHistory {
    sessions = List.copyOf(sessions);
    warnings = List.copyOf(warnings);
  }

  /** Of a run without a log. */
  static LogHistory empty() {
    return new LogHistory(List.of(), List.of(), 0);
  }

  /** Reads a log. Lines that nobody here knows are passed over. */
  static LogHistory read(Path log) throws IOException {
    Reading reading = new Reading();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Matcher parts = LINE.matcher(line);
        if (parts.matches()) {
          reading.line(parts.group(1), parts.group(2));
        }
      }
    }
    reading.endSession();
    return new LogHistory(reading.sessions, reading.warnings, reading.warningCount);
  }

  /** Goes through the lines. */
  private static final class Reading {
    private final List<Session> sessions = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private long warningCount;
    private @Nullable String began;
    private boolean named;
    private long fromStep;
    private Optional<String> command = Optional.empty();
    private Optional<String> engine = Optional.empty();
    private Optional<String> data = Optional.empty();
    private Session.Ending ending = Session.Ending.UNKNOWN;
    private String message = "";

    void line(String time, String text) {
      Matcher goingOn = GOING_ON.matcher(text);
      Matcher failure = FAILURE.matcher(text);
      if (text.startsWith(COMMAND)) {
        begin(time);
        command = after(COMMAND, text);
        named = true;
      } else if (text.startsWith(CONFIG)) {
        // Logs of earlier versions begin a sitting so.
        if (!named) {
          begin(time);
        }
        named = false;
      } else if (text.startsWith(ENGINE)) {
        engine = after(ENGINE, text);
      } else if (text.startsWith(DATA)) {
        data = after(DATA, text);
      } else if (goingOn.matches()) {
        fromStep = Long.parseLong(goingOn.group(1).replace(",", ""));
      } else if (text.startsWith(NEW)) {
        fromStep = 0;
      } else if (text.startsWith(DONE)) {
        ending = Session.Ending.COMPLETED;
      } else if (text.contains(STOPPED)) {
        ending = Session.Ending.STOPPED;
      } else if (text.startsWith(WARNING)) {
        warn(time, text.substring(WARNING.length()));
      } else if (failure.matches()) {
        ending =
            failure.group(1).equals("DivergedException")
                ? Session.Ending.DIVERGED
                : Session.Ending.FAILED;
        message = Optional.ofNullable(failure.group(2)).orElse(failure.group(1));
      }
    }

    private void warn(String time, String text) {
      warningCount++;
      if (warnings.size() < MOST_WARNINGS) {
        warnings.add(time + "  " + text);
      }
    }

    private void begin(String time) {
      endSession();
      began = time;
    }

    void endSession() {
      if (began != null) {
        sessions.add(new Session(began, fromStep, command, engine, data, ending, message));
      }
      began = null;
      fromStep = 0;
      command = Optional.empty();
      engine = Optional.empty();
      data = Optional.empty();
      ending = Session.Ending.UNKNOWN;
      message = "";
    }

    private static Optional<String> after(String heading, String text) {
      return Optional.of(text.substring(heading.length()));
    }
  }
}
