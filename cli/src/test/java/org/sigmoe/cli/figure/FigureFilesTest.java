package org.sigmoe.cli.figure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FigureFilesTest {
  @TempDir private Path folder;

  /** Draws into the folder that it is given, and prints what it is warned of. */
  static final class Drawer {
    private Drawer() {}

    public static void main(String[] args) throws IOException {
      Axis axis = new Axis("x", new Scale.Linear(0, 1), 2);
      Drawing drawing = new LineChart("Title", axis, axis, List.of()).draw(300, 200);
      FigureFiles files = new FigureFiles(System.out::println);
      files.write(drawing, Path.of(args[0]), "figure", FigureFiles.Format.values());
      files.write(drawing, Path.of(args[0]), "another", FigureFiles.Format.values());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void withoutFontsThereIsSvgAndOneWarning() throws Exception {
    Path none = Files.writeString(folder.resolve("fonts.conf"), "<fontconfig></fontconfig>");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                // Where the JDK remembers the fonts of other times.
                "-Duser.home=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Drawer.class.getName(),
                folder.toString())
            .redirectErrorStream(true);
    builder.environment().put("FONTCONFIG_FILE", none.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertEquals(0, process.waitFor(), said);
    assertEquals(1, said.lines().count(), said);
    assertTrue(said.contains("install fontconfig and a font"), said);
    assertTrue(Files.exists(folder.resolve("another.svg")));
    assertFalse(Files.exists(folder.resolve("another.png")));
  }
}
