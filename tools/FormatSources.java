import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Holds the Java sources below a folder to google-java-format. {@code check FOLDER} names the files
 * that differ and ends with exit code 1; {@code write FOLDER} rewrites them.
 *
 * <p>The build runs this file as it is (a single-file program) with the formatter's jar on the
 * class path.
 */
final class FormatSources {
  private static final Set<String> NOT_OURS = Set.of("target", "runs");

  private FormatSources() {}

  public static void main(String[] args) throws IOException {
    boolean write =
        switch (args[0]) {
          case "check" -> false;
          case "write" -> true;
          default -> throw new IllegalArgumentException("mode is " + args[0] + ", not check|write");
        };
    Path root = Path.of(args[1]);
    List<String> unformatted = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    for (Path file : javaFilesBelow(root)) {
      Path name = root.relativize(file);
      try {
        String source = Files.readString(file);
        String formatted = format(source);
        if (!formatted.equals(source)) {
          unformatted.add(name.toString());
          if (write) {
            Files.writeString(file, formatted);
          }
        }
      } catch (FormatterException e) {
        unreadable.add(name + ":" + e.getMessage());
      }
    }
    if (!unreadable.isEmpty()) {
      System.err.println("These files do not parse:");
      unreadable.forEach(line -> System.err.println("  " + line));
    }
    if (!unformatted.isEmpty()) {
      System.err.println(write ? "Formatted:" : "These files are not formatted:");
      unformatted.forEach(line -> System.err.println("  " + line));
    }
    if (!unformatted.isEmpty() && !write) {
      System.err.println("To format them: mvn -N -Pformat process-sources");
    }
    if (!unreadable.isEmpty() || (!unformatted.isEmpty() && !write)) {
      System.exit(1);
    }
  }

  private static String format(String source) throws FormatterException {
    String ordered = ImportOrderer.reorderImports(source, JavaFormatterOptions.Style.GOOGLE);
    return new Formatter().formatSource(RemoveUnusedImports.removeUnusedImports(ordered));
  }

  private static List<Path> javaFilesBelow(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean skip =
                !folder.equals(root) && (name.startsWith(".") || NOT_OURS.contains(name));
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(null);
    return files;
  }
}
