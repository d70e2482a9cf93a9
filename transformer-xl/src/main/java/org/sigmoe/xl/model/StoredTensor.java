package org.sigmoe.xl.model;

import java.util.List;
import java.util.stream.IntStream;
import org.sigmoe.nn.checkpoint.ElementType;
import org.sigmoe.nn.checkpoint.TensorSpec;
import org.sigmoe.nn.graph.Variable;

/**
 * A tensor of a file: the contents of a variable, or of several that lie one after the other along
 * its first dimension.
 *
 * @param parts at least one, all of one name and type
 */
record StoredTensor(List<Variable> parts) {

  StoredTensor {
    parts = List.copyOf(parts);
  }

  /** One tensor for each variable. */
  static List<StoredTensor> each(List<Variable> variables) {
    return variables.stream().map(variable -> new StoredTensor(List.of(variable))).toList();
  }

  /**
   * The tensors of variables that are kept in parts.
   *
   * @param parts for each part its variables, the same of all parts but for their contents
   */
  static List<StoredTensor> ofParts(List<List<Variable>> parts) {
    return IntStream.range(0, parts.getFirst().size())
        .mapToObj(i -> new StoredTensor(parts.stream().map(part -> part.get(i)).toList()))
        .toList();
  }

  String name() {
    return parts.getFirst().name();
  }

  /** Name, element type and shape in the file. */
  TensorSpec spec() {
    Variable first = parts.getFirst();
    ElementType type =
        switch (first.type().dtype()) {
          case F32 -> ElementType.F32;
          case I32 -> ElementType.I32;
        };
    long[] shape = first.shape().toLongs();
    if (parts.size() > 1) {
      shape[0] *= parts.size();
    }
    return TensorSpec.of(name(), type, shape);
  }

  /** Takes a part and the byte of the tensor at which it begins. */
  @FunctionalInterface
  interface PartConsumer {
    void accept(Variable part, long offset);
  }

  /** Goes through the parts in order. */
  void forEach(PartConsumer consumer) {
    long offset = 0;
    for (Variable part : parts) {
      consumer.accept(part, offset);
      offset += part.type().bytes();
    }
  }
}
