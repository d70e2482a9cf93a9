package org.sigmoe.nn.graph.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.testing.Fill;
import org.sigmoe.nn.testing.OpCase;

/**
 * A way to route tokens for the cases of several ops.
 *
 * @param name tells routings apart
 * @param tokens sizes of all dimensions of the tokens' tensor but the last
 * @param slots K
 * @param groups E
 * @param indices the group of each slot
 */
record Routing(String name, Shape tokens, int slots, int groups, Fill indices) {

  /** Odd ones: one group, groups without rows, one with all rows, all groups for each token. */
  static List<Routing> all() {
    return List.of(
        distinct("one token", Shape.of(1), 1, 3),
        distinct("one group", Shape.of(7), 1, 1),
        distinct("all groups for each token", Shape.of(13), 4, 4),
        distinct("more groups than slots", Shape.of(2, 3), 2, 40),
        distinct("leading dimensions", Shape.of(3, 1, 11), 3, 5),
        distinct("several tiles", Shape.of(2, 333), 2, 3),
        distinct("many groups", Shape.of(2, 265), 4, 16),
        toOne("all rows in the first group", Shape.of(41), 1, 3, 0),
        toOne("all rows in the last group", Shape.of(5, 31), 1, 7, 6),
        toOne("all slots of all tokens in one group", Shape.of(70), 3, 4, 2));
  }

  /** The groups of a token differ. */
  private static Routing distinct(String name, Shape tokens, int slots, int groups) {
    List<Integer> choice = new ArrayList<>(IntStream.range(0, groups).boxed().toList());
    Fill fill =
        (count, random) -> {
          double[] indices = new double[count];
          for (int slot = 0; slot < count; slot++) {
            if (slot % slots == 0) {
              Collections.shuffle(choice, Random.from(random));
            }
            indices[slot] = choice.get(slot % slots);
          }
          return indices;
        };
    return new Routing(name, tokens, slots, groups, fill);
  }

  private static Routing toOne(String name, Shape tokens, int slots, int groups, int group) {
    return new Routing(name, tokens, slots, groups, Fill.all(group));
  }

  /** Begins a case with operand {@code indices}. */
  OpCase.Builder named(String rest) {
    return OpCase.named(name + ", " + rest).integers("indices", indices, perToken(slots));
  }

  /** Sizes of a tensor with {@code columns} for each token. */
  int[] perToken(int columns) {
    int[] sizes = new int[tokens.rank() + 1];
    for (int axis = 0; axis < tokens.rank(); axis++) {
      sizes[axis] = tokens.size(axis);
    }
    sizes[tokens.rank()] = columns;
    return sizes;
  }

  /** S. */
  int sorted() {
    return Math.toIntExact(tokens.elements() * slots);
  }
}
