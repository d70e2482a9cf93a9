package org.sigmoe.xl.data.download;

/**
 * By what a server told which version of a file it sends; kept as {@code NAME.part.json} beside
 * {@code NAME.part}, the bytes that have arrived of it.
 *
 * @param address where it is from
 * @param validator an entity tag or a date, for {@code If-Range}; empty if the server told none, so
 *     that a transfer cannot go on
 */
record PartialRecord(String address, String validator) {}
