package org.sigmoe.xl.data.download;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file at a public address.
 *
 * @param address where it is, by http or https
 * @param name what it is called on this machine; no folder
 * @param bytes its size, where it is known
 * @param checksum what it must be, where that is known; otherwise what arrives first is recorded,
 *     and a later download must be the same
 */
public record RemoteFile(
    URI address, String name, OptionalLong bytes, Optional<Checksum> checksum) {

  /** Checks address and name. */
  public RemoteFile {
    if (!"https".equals(address.getScheme()) && !"http".equals(address.getScheme())) {
      throw new IllegalArgumentException(address + " is no address by http or https");
    }
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException("'" + name + "' is no plain name of a file");
    }
  }

  /** One of which nothing is known before it arrives; its name is the last of the address. */
  public static RemoteFile at(String address) {
    return new RemoteFile(
        URI.create(address),
        address.substring(address.lastIndexOf('/') + 1),
        OptionalLong.empty(),
        Optional.empty());
  }

  /** With a checksum that it must have. */
  public RemoteFile with(Checksum expected) {
    return new RemoteFile(address, name, bytes, Optional.of(expected));
  }

  /** With a size that it must have. */
  public RemoteFile withBytes(long expected) {
    return new RemoteFile(address, name, OptionalLong.of(expected), checksum);
  }

  /** With another name on this machine. */
  public RemoteFile named(String other) {
    return new RemoteFile(address, other, bytes, checksum);
  }
}
