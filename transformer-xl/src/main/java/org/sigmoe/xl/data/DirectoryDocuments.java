package org.sigmoe.xl.data;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists the texts of a directory: all its regular files, however deep, whatever they are called.
 *
 * <p>Left out are empty files; files and directories whose name begins with a dot; and symbolic
 * links, since by two paths the same text could get into two splits (the directory itself may be a
 * link).
 */
public final class DirectoryDocuments extends SimpleFileVisitor<Path> {

  private final Path root;
  private final List<FileDocument> documents = new ArrayList<>();
  private int emptyFiles;
  private int hidden;
  private int links;

  private DirectoryDocuments(Path root) {
    this.root = root;
  }

  /**
   * Lists a directory.
   *
   * @throws DataException if it, or a directory below it, cannot be listed, or if it holds no text
   */
  public static DocumentSet list(Path directory) {
    try {
      DirectoryDocuments visitor = new DirectoryDocuments(directory.toRealPath());
      Files.walkFileTree(visitor.root, visitor);
      if (visitor.documents.isEmpty()) {
        throw new DataException(visitor.nothingFound(directory));
      }
      return new DocumentSet(visitor.root, visitor.documents, () -> {});
    } catch (IOException e) {
      throw new DataException(directory + " cannot be listed: " + IoReason.of(e), e);
    }
  }

  private String nothingFound(Path directory) {
    return ("%s holds no text (left out: %d empty files, %d hidden files or directories,"
            + " %d symbolic links); give a file or directory that does")
        .formatted(directory, emptyFiles, hidden, links);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    return isHidden(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (attributes.isSymbolicLink()) {
      links++;
    } else if (attributes.isRegularFile() && !isHidden(file)) {
      if (attributes.size() == 0) {
        emptyFiles++;
      } else {
        documents.add(document(file, attributes));
      }
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    throw new DataException(
        file + " cannot be read: " + IoReason.of(e) + "; make it readable or move it away", e);
  }

  private boolean isHidden(Path file) {
    boolean isHidden = !file.equals(root) && file.getFileName().toString().startsWith(".");
    if (isHidden) {
      hidden++;
    }
    return isHidden;
  }

  private FileDocument document(Path file, BasicFileAttributes attributes) {
    StringBuilder path = new StringBuilder();
    for (Path name : root.relativize(file)) {
      path.append(path.isEmpty() ? "" : "/").append(name);
    }
    return new FileDocument(
        file, path.toString(), attributes.size(), attributes.lastModifiedTime());
  }
}
