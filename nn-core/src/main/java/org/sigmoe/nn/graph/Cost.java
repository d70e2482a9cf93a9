package org.sigmoe.nn.graph;

/**
 * Work of a node or graph, counted from shapes: the floor that an engine is measured against.
 *
 * @param flops floating-point operations; a multiply-add counts as two
 * @param bytesRead bytes of operands, each read once
 * @param bytesWritten bytes of results, each written once
 */
public record Cost(long flops, long bytesRead, long bytesWritten) {
  /** No work. */
  public static final Cost ZERO = new Cost(0, 0, 0);

  /** The cost of reading each operand and writing each result of a node once, and {@code flops}. */
  public static Cost streaming(Node node, long flops) {
    long read = node.operands().stream().mapToLong(value -> value.type().bytes()).sum();
    long written = node.results().stream().mapToLong(value -> value.type().bytes()).sum();
    return new Cost(flops, read, written);
  }

  /** Both together. */
  public Cost plus(Cost other) {
    return new Cost(
        flops + other.flops, bytesRead + other.bytesRead, bytesWritten + other.bytesWritten);
  }
}
