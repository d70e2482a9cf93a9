package org.sigmoe.xl.data.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sigmoe.xl.data.DatasetManifest.SourceEntry;
import org.sigmoe.xl.data.documents.TextFiles;
import org.sigmoe.xl.data.download.Downloads;
import org.sigmoe.xl.data.download.RemoteFile;

/** Something with texts in it. */
public sealed interface Shard {

  /** What a data set names it by as its source. */
  String name();

  /** Where it lies; fetches it first if it must. */
  Path path();

  /** What may tell without reading it that it has changed. */
  String stamp();

  /** How many bytes of it are here; 0 if it is a folder, or not here yet. */
  long bytes();

  /** What a data set tells of it. Reads all of it. */
  default SourceEntry describe() {
    try (TextFiles files = TextFiles.open(path())) {
      SourceEntry here = files.describe();
      return new SourceEntry(name(), here.files(), here.bytes(), here.sha256());
    }
  }

  /**
   * A file, folder or archive that the user has.
   *
   * @param path where it lies
   */
  record Local(Path path) implements Shard {

    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public String stamp() {
      try (TextFiles files = TextFiles.open(path)) {
        return files.stamp();
      }
    }

    @Override
    public long bytes() {
      try {
        return Files.isRegularFile(path) ? Files.size(path) : 0;
      } catch (IOException e) {
        return 0; // opening it will say so
      }
    }
  }

  /**
   * A file at a public address.
   *
   * @param file what is fetched
   * @param downloads fetches it when its texts are asked for
   */
  record Remote(RemoteFile file, Downloads downloads) implements Shard {

    @Override
    public String name() {
      return file.address().toString();
    }

    @Override
    public Path path() {
      return downloads.fetch(file);
    }

    @Override
    public String stamp() {
      return "public";
    }

    @Override
    public long bytes() {
      return 0;
    }
  }
}
