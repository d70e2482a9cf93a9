package org.sigmoe.xl.metrics;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metrics of a run for TensorBoard: {@code tensorboard --logdir DIR} shows every metric as a
 * curve under its {@linkplain Metric#tag() tag}.
 *
 * <p>Each start of a run has its own file {@code events.out.tfevents.<seconds>.<host>} in the run's
 * folder, since TensorBoard may be reading the older ones; it reads them in the order of their
 * names.
 */
public final class TensorBoardFile implements MetricsSink {

  private static final String PREFIX = "events.out.tfevents.";
  private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{1,18})\\..*");

  private final InstantSource clock;
  private final AppendedFile file;

  private TensorBoardFile(InstantSource clock, AppendedFile file) {
    this.clock = clock;
    this.file = file;
  }

  /**
   * Begins the event file of a new run.
   *
   * @param folder the folder of the run
   * @param clock gives the time of each record
   * @throws IOException if it cannot be written
   */
  public static TensorBoardFile create(Path folder, InstantSource clock) throws IOException {
    long seconds = Math.max(clock.instant().getEpochSecond(), newest(folder) + 1);
    Path path = folder.resolve("%s%010d.%s".formatted(PREFIX, seconds, hostName()));
    TensorBoardFile created = new TensorBoardFile(clock, AppendedFile.create(path));
    try {
      created.append(0, TensorBoardEvent.fileVersion(created.now()));
      return created;
    } catch (IOException e) {
      created.close();
      throw e;
    }
  }

  /**
   * Begins the event file of a run that goes on from a checkpoint. Its first record tells
   * TensorBoard to forget what earlier files say of later steps.
   *
   * @param folder the folder of the run
   * @param step the step of the checkpoint
   * @param clock gives the time of each record
   * @throws IOException if it cannot be written
   */
  public static TensorBoardFile resume(Path folder, long step, InstantSource clock)
      throws IOException {
    TensorBoardFile resumed = create(folder, clock);
    try {
      // START at a step discards that step too, hence the one after the checkpoint's.
      resumed.append(step, TensorBoardEvent.sessionStart(resumed.now(), step + 1));
      return resumed;
    } catch (IOException e) {
      resumed.close();
      throw e;
    }
  }

  @Override
  public void write(Metrics metrics) throws IOException {
    append(metrics.step(), TensorBoardEvent.scalars(now(), metrics));
  }

  @Override
  public void force() throws IOException {
    file.force();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void append(long step, byte[] event) throws IOException {
    file.append(step, TensorBoardRecord.frame(event));
  }

  private double now() {
    Instant now = clock.instant();
    return now.getEpochSecond() + now.getNano() * 1e-9;
  }

  /** Returns the time in the newest file's name, so that a new file always sorts after it. */
  private static long newest(Path folder) throws IOException {
    long newest = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path file : files) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          newest = Math.max(newest, Long.parseLong(name.group(1)));
        }
      }
    }
    return newest;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
