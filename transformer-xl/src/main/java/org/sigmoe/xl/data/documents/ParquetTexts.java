package org.sigmoe.xl.data.documents;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Properties;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.sigmoe.xl.data.DataException;

/**
 * The texts of a parquet file, read by DuckDB.
 *
 * <p>DuckDB's driver has 80 MB, which few need: it is no part of the program, and is looked for
 * when the first parquet file is met.
 */
final class ParquetTexts implements Texts, Closeable {
  private static final String URL = "jdbc:duckdb:";
  private static final String COORDINATES = "org.duckdb:duckdb_jdbc:2.0.0.1";

  /** One at a time, in the file's order, within a memory of its own, and nothing from the net. */
  private static final String[] SETTINGS = {
    "SET threads = 1",
    "SET memory_limit = '1GB'",
    "SET preserve_insertion_order = true",
    "SET autoinstall_known_extensions = false"
  };

  /** By these DuckDB takes a name for a pattern of names. */
  private static final String PATTERN = ".*[*?\\[\\]{}].*";

  private final Path file;
  private final TextLayout layout;
  private final Connection connection;
  private final Statement statement;
  private final ResultSet rows;
  private long row;

  private ParquetTexts(
      Path file, TextLayout layout, Connection connection, Statement statement, ResultSet rows) {
    this.file = file;
    this.layout = layout;
    this.connection = connection;
    this.statement = statement;
    this.rows = rows;
  }

  /**
   * Opens a file.
   *
   * @throws DataException if DuckDB is not there, with how to get it
   * @throws IOException if the file cannot be read or has no such column of texts
   */
  static ParquetTexts open(Path file, TextLayout layout) throws IOException {
    if (file.toString().matches(PATTERN)) {
      throw new IOException("its path has one of * ? [ ] { }; rename it");
    }
    Properties options = new Properties();
    // Else the whole result is put into memory before its first row can be read.
    options.setProperty("jdbc_stream_results", "true");
    Connection connection = null;
    try {
      connection = driver(file).connect(URL, options);
      Statement statement = connection.createStatement();
      for (String setting : SETTINGS) {
        statement.execute(setting);
      }
      ResultSet rows =
          statement.executeQuery(
              "SELECT %s FROM read_parquet(%s)"
                  .formatted(quoted(layout.field(), '"'), quoted(file.toString(), '\'')));
      if (rows.getMetaData().getColumnType(1) != Types.VARCHAR) {
        throw new SQLException("its column '" + layout.field() + "' is not of texts");
      }
      return new ParquetTexts(file, layout, connection, statement, rows);
    } catch (SQLException e) {
      closeQuietly(connection);
      throw new IOException(e.getMessage(), e);
    }
  }

  private static Driver driver(Path file) throws SQLException {
    for (Driver driver : ServiceLoader.load(Driver.class)) {
      if (driver.acceptsURL(URL)) {
        return driver;
      }
    }
    throw new DataException(
        ("reading %s needs DuckDB's driver (80 MB), which is no part of this program: get it by"
                + " `mvn -N dependency:copy -Dartifact=%s"
                + " -DoutputDirectory=target/launcher/optional` in its folder, or convert the file to JSON lines")
            .formatted(file, COORDINATES));
  }

  private static String quoted(String name, char quote) {
    String one = String.valueOf(quote);
    return quote + name.replace(one, one + one) + quote;
  }

  @Override
  public byte @Nullable [] next() throws IOException {
    try {
      while (rows.next()) {
        row++;
        String text = rows.getString(1);
        if (text != null && text.length() > layout.longest()) {
          throw new IOException(
              "row %,d has a text of more than %,d characters".formatted(row, layout.longest()));
        }
        if (text != null && !text.isEmpty()) {
          return text.getBytes(StandardCharsets.UTF_8);
        }
      }
      return null;
    } catch (SQLException e) {
      throw new IOException("after row %,d: %s".formatted(row, e.getMessage()), e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      rows.close();
      statement.close();
      connection.close();
    } catch (SQLException e) {
      throw new IOException("closing " + file, e);
    }
  }

  private static void closeQuietly(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // What led here is the fault to report.
    }
  }
}
