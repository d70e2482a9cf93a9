package org.sigmoe.xl.metrics;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The framing of TensorFlow's record files: length of the data (8 bytes, little-endian), its
 * checksum, the data, its checksum.
 *
 * <p>Source: <a
 * href="https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details">TFRecords
 * format details</a>.
 */
final class TensorBoardRecord {

  private static final int MASK_DELTA = 0xa282ead8;

  private TensorBoardRecord() {}

  /** Returns data as a record. */
  static byte[] frame(byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedCrc(record.slice(0, Long.BYTES)));
    record.put(data);
    record.putInt(maskedCrc(ByteBuffer.wrap(data)));
    return record.array();
  }

  /**
   * Returns the CRC-32C of bytes, masked: rotated and shifted, because the checksum of data that
   * holds its own checksum would say little.
   */
  static int maskedCrc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }
}
