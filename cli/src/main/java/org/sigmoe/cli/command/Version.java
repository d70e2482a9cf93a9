package org.sigmoe.cli.command;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    // The manifest has it; classes that run unpacked, as in an IDE, have no manifest.
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {
      "sigmoe " + (version == null ? "(not packaged)" : version),
      "Java %s (%s)"
          .formatted(System.getProperty("java.version"), System.getProperty("java.vendor")),
      "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch"))
    };
  }
}
