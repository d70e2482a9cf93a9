package org.sigmoe.xl.tokenizer.sentencepiece.normalize;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Builds a {@link DoubleArray}. What follows a node of the graph lies in one block of 256 units, at
 * the node's base XORed with the labels. Bases are unique, so that a unit's label tells whose child
 * it is; a unit that stays free gets the label that a node with an unused base would need.
 */
final class DoubleArrayBuilder {
  private static final int BLOCK = DoubleArray.BLOCK;

  /** So many blocks at the end are searched for free units; those before count as full. */
  private static final int OPEN_BLOCKS = 16;

  private final KeyGraph graph;
  private final Map<Integer, Integer> bases = new HashMap<>();
  private final BitSet usedBases = new BitSet();
  private final BitSet usedUnits = new BitSet();
  private int[] units = new int[BLOCK];

  private DoubleArrayBuilder(KeyGraph graph) {
    this.graph = graph;
  }

  /** Builds the units, a multiple of 256 of them. */
  static int[] build(KeyGraph graph) {
    DoubleArrayBuilder builder = new DoubleArrayBuilder(graph);
    // The root itself is at 0, and a base of 0 would make it its own child.
    builder.usedUnits.set(0);
    builder.usedBases.set(0);
    builder.link(0, graph.root());
    builder.labelFreeUnits();
    return builder.units;
  }

  /** Lets a unit stand for a node of the graph. */
  private void link(int unit, int number) {
    KeyGraph.Node node = graph.node(number);
    Integer placed = bases.get(number);
    int base = placed == null ? place(number, node) : placed;
    int ends = node.labels()[0] == 0 ? DoubleArray.ENDS : 0;
    units[unit] |= DoubleArray.withOffset(unit ^ base) | ends;
  }

  private int place(int number, KeyGraph.Node node) {
    int base = freeBase(node.labels());
    bases.put(number, base);
    usedBases.set(base);
    for (int label : node.labels()) {
      usedUnits.set(base ^ label);
    }
    for (int i = 0; i < node.labels().length; i++) {
      int label = node.labels()[i];
      int next = node.next()[i];
      if (label == 0) {
        units[base] = DoubleArray.VALUE | next;
      } else {
        units[base ^ label] = label;
        link(base ^ label, next);
      }
    }
    return base;
  }

  private int freeBase(int[] labels) {
    int from = Math.max(0, units.length - OPEN_BLOCKS * BLOCK);
    for (int free = usedUnits.nextClearBit(from);
        free < units.length;
        free = usedUnits.nextClearBit(free + 1)) {
      int base = free ^ labels[0];
      if (!usedBases.get(base)
          && Arrays.stream(labels).noneMatch(label -> usedUnits.get(base ^ label))) {
        return base;
      }
    }
    int base = units.length;
    units = Arrays.copyOf(units, units.length + BLOCK);
    return base;
  }

  private void labelFreeUnits() {
    for (int block = 0; block < units.length; block += BLOCK) {
      int unusedBase = usedBases.nextClearBit(block);
      for (int free = usedUnits.nextClearBit(block);
          free < block + BLOCK;
          free = usedUnits.nextClearBit(free + 1)) {
        units[free] = (free ^ unusedBase) & 0xFF;
      }
    }
  }
}
