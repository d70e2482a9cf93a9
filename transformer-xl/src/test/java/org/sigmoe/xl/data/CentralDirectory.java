package org.sigmoe.xl.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Where a zip archive says what it holds (APPNOTE.TXT 4.3.12), so that tests can falsify it. */
final class CentralDirectory {

  static final int FLAGS = 8;
  static final int UNCOMPRESSED_SIZE = 24;

  private static final int SIGNATURE = 0x02014b50;

  private CentralDirectory() {}

  /** The offset of the first entry's header. */
  static int firstEntry(byte[] zip) {
    ByteBuffer buffer = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int offset = 0;
    while (buffer.getInt(offset) != SIGNATURE) {
      offset++;
    }
    return offset;
  }

  /** Declares another uncompressed size for the first entry. */
  static void declareSize(byte[] zip, int size) {
    ByteBuffer.wrap(zip)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(firstEntry(zip) + UNCOMPRESSED_SIZE, size);
  }
}
