package org.sigmoe.xl.data;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Finds the Java sources that come with a JDK, {@code lib/src.zip}: a corpus without download. */
final class JdkSourceArchive {

  private JdkSourceArchive() {}

  /**
   * The archive of the first JDK that has one. A file that cannot be read and a link that leads
   * nowhere (as where a distribution packs the sources separately) count as none.
   */
  static Optional<Path> find(List<Path> javaHomes) {
    return javaHomes.stream()
        .map(home -> home.resolve("lib").resolve("src.zip"))
        .filter(zip -> Files.isRegularFile(zip) && Files.isReadable(zip))
        .findFirst();
  }

  /**
   * Where JDKs may be: the one that runs this, the one JAVA_HOME names, then those where Linux
   * distributions, macOS, SDKMAN and IDEs put them, in each place the last name (so mostly the
   * newest) first.
   */
  static List<Path> javaHomes() {
    return javaHomes(System::getProperty, System::getenv);
  }

  static List<Path> javaHomes(UnaryOperator<String> properties, UnaryOperator<String> environment) {
    List<Path> homes = new ArrayList<>();
    Optional.ofNullable(properties.apply("java.home")).map(Path::of).ifPresent(homes::add);
    Optional.ofNullable(environment.apply("JAVA_HOME")).map(Path::of).ifPresent(homes::add);
    homes.addAll(children(Path.of("/usr/lib/jvm")));
    children(Path.of("/Library/Java/JavaVirtualMachines")).stream()
        .map(bundle -> bundle.resolve("Contents").resolve("Home"))
        .forEach(homes::add);
    Optional.ofNullable(properties.apply("user.home"))
        .map(Path::of)
        .ifPresent(
            user -> {
              homes.addAll(children(user.resolve(".sdkman/candidates/java")));
              homes.addAll(children(user.resolve(".jdks")));
            });
    return homes;
  }

  private static List<Path> children(Path folder) {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(children::add);
    } catch (IOException e) {
      return List.of();
    }
    children.sort(Comparator.reverseOrder());
    return children;
  }
}
