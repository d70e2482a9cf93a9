package org.sigmoe.xl.data.download;

/**
 * What is known of a file that has arrived; kept beside it as {@code NAME.json}, and longer than
 * it, so that a second download can be compared with the first.
 *
 * @param address where it is from
 * @param bytes its size
 * @param sha256 what it was when it first arrived
 */
record DownloadRecord(String address, long bytes, String sha256) {}
