package org.sigmoe.nn.engine.cpu.gemm;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The library files of oneDNN, brought from their jar (org.bytedeco:dnnl with a platform's
 * classifier) to a folder from which they can be loaded.
 *
 * <p>They are kept in the user's cache folder, in a folder named by their checksum, so that they
 * are unpacked once per version. What is found there is loaded only if its size and CRC-32 are
 * those that the jar states; files appear under their names complete or not at all, so several
 * processes may start at once. Where there is no writable home, a private temporary folder serves.
 */
final class OneDnnFiles {
  /** Names of a platform's files in the order in which they must be loaded, oneDNN itself last. */
  private enum Platform {
    LINUX_X86_64("linux-x86_64", "libgomp.so.1", "libdnnl.so.3"),
    LINUX_ARM64("linux-arm64", "libgomp.so.1", "libdnnl.so.3"),
    MACOSX_ARM64("macosx-arm64", "libomp.dylib", "libdnnl.3.dylib"),
    MACOSX_X86_64("macosx-x86_64", "libiomp5.dylib", "libdnnl.3.dylib"),
    WINDOWS_X86_64("windows-x86_64", "dnnl.dll");

    private final String classifier;
    private final List<String> files;

    Platform(String classifier, String... files) {
      this.classifier = classifier;
      this.files = List.of(files);
    }

    static Platform current() {
      String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
      String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
      boolean arm = processor.equals("aarch64") || processor.equals("arm64");
      boolean intel = processor.equals("amd64") || processor.equals("x86_64");
      if (system.contains("linux") && (arm || intel)) {
        return arm ? LINUX_ARM64 : LINUX_X86_64;
      }
      if (system.contains("mac") && (arm || intel)) {
        return arm ? MACOSX_ARM64 : MACOSX_X86_64;
      }
      if (system.contains("windows") && intel) {
        return WINDOWS_X86_64;
      }
      throw new GemmException("there is no oneDNN for " + system + " on " + processor);
    }
  }

  private OneDnnFiles() {}

  /**
   * Paths of the files in the order in which they must be loaded, oneDNN itself last.
   *
   * @throws GemmException if there is no jar for this platform or its files cannot be unpacked
   */
  static List<Path> unpacked() {
    return unpackedIn(cacheFolder());
  }

  /** The same with another folder for caches. */
  static List<Path> unpackedIn(@Nullable Path cache) {
    Platform platform = Platform.current();
    try {
      List<JarEntry> entries = new ArrayList<>();
      List<JarURLConnection> sources = new ArrayList<>();
      for (String file : platform.files) {
        JarURLConnection source = open(platform, file);
        sources.add(source);
        entries.add(source.getJarEntry());
      }
      try {
        Path folder = folder(platform, entries.getLast(), cache);
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
          Path path = folder.resolve(platform.files.get(i));
          if (!isIntact(path, entries.get(i))) {
            unpack(sources.get(i), entries.get(i), path);
          }
          paths.add(path);
        }
        return paths;
      } finally {
        for (JarURLConnection source : sources) {
          source.getJarFile().close();
        }
      }
    } catch (IOException e) {
      throw new GemmException("oneDNN could not be unpacked: " + e, e);
    }
  }

  private static JarURLConnection open(Platform platform, String file) throws IOException {
    String name = "org/bytedeco/dnnl/" + platform.classifier + "/" + file;
    URL url = OneDnnFiles.class.getClassLoader().getResource(name);
    if (url == null) {
      throw new GemmException(
          "the class path lacks "
              + name
              + ": add org.bytedeco:dnnl with classifier "
              + platform.classifier);
    }
    if (url.openConnection() instanceof JarURLConnection jar) {
      // A private JarFile, which can be closed without taking the class loader's away.
      jar.setUseCaches(false);
      return jar;
    }
    throw new GemmException("oneDNN is expected inside a jar, not at " + url);
  }

  /** The folder for this version's files: in the user's cache, or else temporary. */
  private static Path folder(Platform platform, JarEntry library, @Nullable Path cache)
      throws IOException {
    String name = "onednn-" + platform.classifier + "-" + Long.toHexString(library.getCrc());
    if (cache != null) {
      try {
        Path folder = cache.resolve("sigmoe").resolve(name);
        Files.createDirectories(folder, ownerOnly());
        if (Files.isWritable(folder)) {
          return folder;
        }
      } catch (IOException unwritable) {
        // A read-only home is no reason to fail.
      }
    }
    Path temporary = Files.createTempDirectory("sigmoe-" + name);
    // Deleted in the reverse order: the files, then the folder.
    temporary.toFile().deleteOnExit();
    for (String file : platform.files) {
      temporary.resolve(file).toFile().deleteOnExit();
    }
    return temporary;
  }

  private static @Nullable Path cacheFolder() {
    String configured = System.getenv("XDG_CACHE_HOME");
    if (configured != null && Path.of(configured).isAbsolute()) {
      return Path.of(configured);
    }
    String home = System.getProperty("user.home", "");
    return Path.of(home).isAbsolute() ? Path.of(home, ".cache") : null;
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isIntact(Path path, JarEntry entry) throws IOException {
    if (!Files.isRegularFile(path) || Files.size(path) != entry.getSize()) {
      return false;
    }
    CRC32 sum = new CRC32();
    try (FileChannel file = FileChannel.open(path)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
      while (file.read(buffer.clear()) >= 0) {
        sum.update(buffer.flip());
      }
    }
    return sum.getValue() == entry.getCrc();
  }

  private static void unpack(JarURLConnection source, JarEntry entry, Path path)
      throws IOException {
    Path part = Files.createTempFile(path.getParent(), path.getFileName().toString(), ".part");
    try {
      try (InputStream in = source.getJarFile().getInputStream(entry)) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
        file.force(true);
      }
      if (!isIntact(part, entry)) {
        throw new IOException(part + " differs from " + entry + " after it was written");
      }
      try {
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(part, path, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
