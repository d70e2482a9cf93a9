package org.sigmoe.cli.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Charts, as they become SVG and PNG. */
class DrawingTest {
  private static final Axis X = new Axis("steps", new Scale.Linear(0, 10), 5);
  private static final Axis Y = new Axis("bits", new Scale.Linear(0, 10), 5);

  private static Curve curve(String name, int series, double... ys) {
    List<Curve.Sample> samples = new ArrayList<>();
    for (int i = 0; i < ys.length; i++) {
      samples.add(new Curve.Sample(i, ys[i], ys[i] - 1, ys[i] + 1));
    }
    return new Curve(
        name,
        name,
        Map.of("group", Integer.toString(series)),
        Stroke.ofSeries(series, 2),
        samples,
        Curve.Style.BAND);
  }

  private static Document xml(Drawing drawing) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(SvgWriter.file(drawing, Palette.LIGHT))));
  }

  private static List<Element> elements(Document document, String name) {
    NodeList nodes = document.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  @Test
  void hostileNamesStayText() throws Exception {
    String name = "\"/><script>alert('\u202e&')</script>\u0000";
    Drawing drawing = new LineChart(name, X, Y, List.of(curve(name, 0, 1, 2))).draw(900, 300);

    Document document = xml(drawing);

    assertEquals(0, document.getElementsByTagName("script").getLength());
    assertTrue(
        elements(document, "text").stream()
            .anyMatch(text -> text.getTextContent().contains("<script>alert('[U+202E]&')")));
  }

  @Test
  void gapsBreakALine() throws Exception {
    Curve curve = curve("a", 0, 1, 2, Double.NaN, 4, 5);
    Document document = xml(new LineChart("", X, Y, List.of(curve)).draw(900, 300));

    long lines =
        elements(document, "path").stream()
            .filter(path -> path.getAttribute("stroke-width").equals("2"))
            .count();
    assertEquals(2, lines);
    assertFalse(
        SvgWriter.file(new LineChart("", X, Y, List.of(curve)).draw(9, 9), Palette.LIGHT)
            .contains("NaN"));
  }

  @Test
  void labelsOfCurvesThatEndTogetherAreApart() throws Exception {
    List<Curve> curves =
        IntStream.range(0, 12).mapToObj(i -> curve("run " + i, i, 5, 5 + i * 0.01)).toList();
    Document document = xml(new LineChart("", X, Y, curves).draw(900, 400));

    double[] heights =
        elements(document, "text").stream()
            .filter(text -> text.getTextContent().startsWith("run "))
            .mapToDouble(text -> Double.parseDouble(text.getAttribute("y")))
            .sorted()
            .toArray();
    assertEquals(12, heights.length);
    for (int i = 1; i < heights.length; i++) {
      assertTrue(heights[i] - heights[i - 1] > 12, heights[i - 1] + " and " + heights[i]);
    }
  }

  @Test
  void labelsAreLeftOutWhereThereIsNoRoom() throws Exception {
    List<Curve> curves = IntStream.range(0, 40).mapToObj(i -> curve("run " + i, i, 5, 6)).toList();

    Document document = xml(new LineChart("", X, Y, curves).draw(900, 400));

    assertTrue(
        elements(document, "text").stream().noneMatch(t -> t.getTextContent().startsWith("run ")));
  }

  @Test
  void seriesPastThePaletteHaveOtherPatterns() {
    Stroke first = Stroke.ofSeries(1, 2);
    Stroke again = Stroke.ofSeries(1 + Palette.SERIES, 2);

    assertEquals(
        Palette.LIGHT.colour(first.ink()), Palette.LIGHT.colour(again.ink()), "the same colour");
    assertFalse(first.dash() == again.dash());
  }

  @Test
  void pageHasVariablesForColoursAndNeitherStylesNorScripts() {
    String svg =
        SvgWriter.inPage(new LineChart("", X, Y, List.of(curve("a", 2, 1, 2))).draw(900, 300));

    assertTrue(svg.contains("stroke=\"var(--series-2)\""), svg);
    assertFalse(svg.contains("style="), svg);
    assertFalse(svg.contains("#"), svg);
  }

  @Test
  void heatMapIsAsDarkAndBrightAsItsNumbers() throws Exception {
    HeatMaps maps =
        new HeatMaps(
            "",
            "share",
            "",
            List.of(new HeatMaps.HeatMap("L", List.of(List.of(0.0, 0.5), List.of(0.25, 0.0)))));
    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(PngWriter.file(maps.draw(300), Palette.LIGHT)));
    int left = 2 * 20;
    int top = 2 * 44;

    assertEquals(0x00224e, image.getRGB(left, top) & 0xffffff, "0");
    assertEquals(0xfee838, image.getRGB(left + 2 * 150, top) & 0xffffff, "the greatest");
  }

  @Test
  void pngShowsTheCurveInItsColour() throws Exception {
    Drawing drawing = new LineChart("", X, Y, List.of(curve("a", 0, 5, 5, 5, 5, 5))).draw(400, 200);
    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(PngWriter.file(drawing, Palette.LIGHT)));

    assertEquals(800, image.getWidth());
    int blue = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        blue += (image.getRGB(x, y) & 0xffffff) == 0x0072b2 ? 1 : 0;
      }
    }
    assertTrue(blue > 200, blue + " pixels of it");
  }
}
