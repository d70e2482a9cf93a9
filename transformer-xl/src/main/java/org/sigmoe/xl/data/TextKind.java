package org.sigmoe.xl.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** In which form text lies on the disk. */
enum TextKind {
  /** A file whose bytes are the text. */
  FILE,
  /** A directory of files. */
  DIRECTORY,
  /** A .zip or .jar, known by its name or by its first bytes. */
  ARCHIVE;

  /** How a zip archive with entries begins. */
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /** How gzip, xz, zstd and bzip2 files begin. */
  private static final List<byte[]> COMPRESSED =
      List.of(
          new byte[] {0x1F, (byte) 0x8B, 8},
          new byte[] {(byte) 0xFD, '7', 'z', 'X', 'Z', 0},
          new byte[] {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD},
          new byte[] {'B', 'Z', 'h', '9', '1', 'A'});

  private static final int LONGEST_MAGIC = 6;

  /**
   * Looks at what a path leads to.
   *
   * @param option the option that gave the path, for messages
   * @throws DataException if there is nothing, or nothing that can be read: an empty file, no
   *     permission, a device or pipe, or compressed data of another kind, which would be learned as
   *     if it were text
   */
  static TextKind of(Path path, String option) {
    if (Files.isDirectory(path)) {
      return DIRECTORY;
    }
    if (!Files.isRegularFile(path)) {
      throw new DataException(whyNotAFile(path, option));
    }
    byte[] start = start(path);
    if (start.length == 0) {
      throw new DataException(path + " is empty; give a file with text for " + option);
    }
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".zip") || name.endsWith(".jar") || beginsWith(start, ZIP)) {
      return ARCHIVE;
    }
    if (COMPRESSED.stream().anyMatch(magic -> beginsWith(start, magic))) {
      throw new DataException(
          path + " is compressed; unpack it first, or give a .zip, for " + option);
    }
    return FILE;
  }

  private static String whyNotAFile(Path path, String option) {
    if (Files.isSymbolicLink(path)) {
      return path + " is a symbolic link that leads to no file; check " + option;
    }
    if (Files.exists(path)) {
      return path
          + " is neither a file nor a directory, and only those can be mapped into memory;"
          + " save its text to a file first";
    }
    return "there is no file or directory " + path.toAbsolutePath() + "; check " + option;
  }

  private static byte[] start(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(LONGEST_MAGIC);
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + IoReason.of(e), e);
    }
  }

  private static boolean beginsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }
}
