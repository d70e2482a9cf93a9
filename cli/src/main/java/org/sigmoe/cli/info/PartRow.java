package org.sigmoe.cli.info;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One row of a table of parts: a part, or the same part of several layers in a row that take the
 * same.
 *
 * @param name for example {@code layers.0-15.self_attn}
 * @param times how many layers it stands for
 * @param each what one of them takes
 */
public record PartRow(String name, int times, ModelPart each) {
  private static final Pattern LAYER = Pattern.compile("layers\\.(\\d+)\\.(.+)");

  /** Puts the layers that take the same into one row each. */
  public static List<PartRow> of(List<ModelPart> parts) {
    Map<String, List<ModelPart>> groups = new LinkedHashMap<>();
    Map<String, String> open = new LinkedHashMap<>();
    for (ModelPart part : parts) {
      Matcher layer = LAYER.matcher(part.name());
      String kind = layer.matches() ? layer.group(2) : part.name();
      String current = open.getOrDefault(kind, part.name());
      List<ModelPart> group = groups.computeIfAbsent(current, _ -> new ArrayList<>());
      if (group.isEmpty() || group.getFirst().takesTheSameAs(part)) {
        group.add(part);
        open.put(kind, current);
      } else {
        groups.put(part.name(), new ArrayList<>(List.of(part)));
        open.put(kind, part.name());
      }
    }
    return groups.values().stream().map(PartRow::row).toList();
  }

  private static PartRow row(List<ModelPart> group) {
    ModelPart first = group.getFirst();
    Matcher begin = LAYER.matcher(first.name());
    Matcher end = LAYER.matcher(group.getLast().name());
    String name =
        group.size() > 1 && begin.matches() && end.matches()
            ? "layers.%s-%s.%s".formatted(begin.group(1), end.group(1), begin.group(2))
            : first.name();
    return new PartRow(name, group.size(), first);
  }
}
