package org.sigmoe.xl.data.prepare;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.data.Progress;
import org.sigmoe.xl.data.documents.TextFile;
import org.sigmoe.xl.data.documents.TextFiles;
import org.sigmoe.xl.data.documents.TextLayout;
import org.sigmoe.xl.data.documents.TextReader;

/**
 * Reads the texts of some portions, one after the other; a shard is fetched when its turn comes.
 */
final class SplitReader implements AutoCloseable {
  private final Iterator<Portion> portions;
  private final TextLayout layout;
  private final byte[] separator;
  private final String activity;
  private final Progress progress;
  private final Set<Shard> read;
  private final long totalBytes;
  private long doneBytes;
  private @Nullable Portion portion;
  private @Nullable TextFiles files;
  private Iterator<TextFile> remaining = Collections.emptyIterator();
  private @Nullable TextReader texts;
  private boolean documents;

  /**
   * A text.
   *
   * @param bytes in UTF-8, if it is well-formed
   * @param separator what is put after it; empty where nothing is
   */
  record Text(byte[] bytes, byte[] separator) {

    /** Both, and room for some more bytes after them. */
    byte[] joined(int room) {
      byte[] all = Arrays.copyOf(bytes, bytes.length + separator.length + room);
      System.arraycopy(separator, 0, all, bytes.length, separator.length);
      return all;
    }
  }

  /**
   * A reader before the first text.
   *
   * @param activity what it is for, for the progress
   * @param read gets every shard that is read
   */
  SplitReader(
      List<Portion> portions,
      DocumentReading reading,
      TextLayout.Plain plain,
      String activity,
      Progress progress,
      Set<Shard> read) {
    this.portions = portions.iterator();
    this.layout = reading.layout(plain);
    this.separator = reading.separator().getBytes(StandardCharsets.UTF_8);
    this.activity = activity;
    this.progress = progress;
    this.read = read;
    this.totalBytes = portions.stream().mapToLong(SplitReader::bytes).sum();
    progress.update(activity, 0, totalBytes);
  }

  private static long bytes(Portion portion) {
    long bytes = portion.shard().bytes();
    return portion.end() < Long.MAX_VALUE ? portion.end() - portion.start() : bytes;
  }

  /** The next text of all portions; null after the last. */
  @Nullable Text next() {
    Text text = nextOfPortion();
    while (text == null && openPortion()) {
      text = nextOfPortion();
    }
    return text;
  }

  /**
   * Opens the next portion, for which its shard may have to be fetched.
   *
   * @return whether there was one
   */
  boolean openPortion() {
    closeTexts();
    closeFiles();
    if (!portions.hasNext()) {
      return false;
    }
    portion = portions.next();
    files = TextFiles.open(portion.shard().path(), portion.files());
    remaining = files.files().iterator();
    read.add(portion.shard());
    return true;
  }

  /** The next text of the portion that is open; null after its last. */
  @Nullable Text nextOfPortion() {
    while (texts != null || openFile()) {
      byte[] text = Objects.requireNonNull(texts).next();
      if (text == null) {
        closeTexts();
      } else if (Objects.requireNonNull(portion).texts().test(text)) {
        return new Text(text, documents ? separator : new byte[0]);
      }
    }
    return null;
  }

  private boolean openFile() {
    if (!remaining.hasNext()) {
      return false;
    }
    TextFile file = remaining.next();
    Portion part = Objects.requireNonNull(portion);
    documents = file.format() != TextFile.Format.PLAIN;
    texts = file.open(layout, part.start(), part.end(), this::advance);
    return true;
  }

  private void advance(long bytes) {
    doneBytes += bytes;
    progress.update(activity, doneBytes, Math.max(doneBytes, totalBytes));
  }

  private void closeTexts() {
    if (texts != null) {
      texts.close();
      texts = null;
    }
  }

  private void closeFiles() {
    if (files != null) {
      files.close();
      files = null;
      remaining = Collections.emptyIterator();
    }
  }

  @Override
  public void close() {
    closeTexts();
    closeFiles();
  }
}
