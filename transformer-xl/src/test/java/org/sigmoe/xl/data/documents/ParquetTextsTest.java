package org.sigmoe.xl.data.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sigmoe.xl.data.DataException;
import org.sigmoe.xl.data.documents.TextLayout.Plain;

class ParquetTextsTest {
  @TempDir private Path folder;

  private Path write(String name, String query) throws SQLException {
    Path file = folder.resolve(name);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      String path = file.toString().replace("'", "''");
      statement.execute("COPY (" + query + ") TO '" + path + "' (FORMAT parquet)");
    }
    return file;
  }

  private static List<String> texts(Path file, String column) {
    TextLayout layout = new TextLayout(Plain.LINES, column, 1 << 20);
    List<String> texts = new ArrayList<>();
    try (TextReader reader = TextFile.of(file).open(layout, read -> {})) {
      for (byte[] text = reader.next(); text != null; text = reader.next()) {
        texts.add(new String(text, StandardCharsets.UTF_8));
      }
    }
    return texts;
  }

  @Test
  void rowsComeInTheirOrderWithoutEmptyOnes() throws SQLException {
    Path file =
        write(
            "it's.parquet",
            "SELECT i, CASE WHEN i % 4 = 1 THEN NULL WHEN i % 4 = 2 THEN ''"
                + " ELSE 'row ' || i || chr(8364) END AS text FROM range(300000) t(i)");

    List<String> texts = texts(file, "text");

    assertEquals(150_000, texts.size());
    assertEquals(List.of("row 0\u20ac", "row 3\u20ac", "row 4\u20ac"), texts.subList(0, 3));
    assertEquals("row 299999\u20ac", texts.getLast());
  }

  @Test
  void theColumnIsChosen() throws SQLException {
    Path file = write("a.parquet", "SELECT 'x' AS \"my \"\"text\"");

    assertEquals(List.of("x"), texts(file, "my \"text"));
  }

  @Test
  void whatIsNotThereIsNamed() throws SQLException, IOException {
    Path numbers = write("a.parquet", "SELECT 5 AS text");

    assertTrue(refusal(numbers, "text").contains("not of texts"), refusal(numbers, "text"));
    assertTrue(refusal(numbers, "body").contains("body"), refusal(numbers, "body"));
    refusal(Files.writeString(folder.resolve("b.parquet"), "no parquet at all"), "text");
    Path pattern = Files.copy(numbers, folder.resolve("x[1].parquet"));
    assertTrue(refusal(pattern, "text").contains("rename"), refusal(pattern, "text"));
  }

  private static String refusal(Path file, String column) {
    DataException e = assertThrows(DataException.class, () -> texts(file, column));
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    return e.getMessage();
  }
}
