package org.sigmoe.nn.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which buffer each result of a schedule lies in. A buffer serves several results whose lifetimes
 * do not overlap, each from its beginning (whole buffers, not offsets into an arena: a GPU library
 * call takes whole arrays). A result may take over the buffer of an operand that dies in the same
 * node where its op allows that ({@link org.sigmoe.nn.graph.op.Op#inPlace}).
 *
 * <p>Inputs, constants and variables are not planned: they live as long as the program.
 */
public final class BufferPlan {

  /** A buffer of elements of one type, as large as the largest result that it serves. */
  public record Buffer(DType dtype, long elements) {
    /** Bytes of the buffer. */
    public long bytes() {
      return elements * dtype.bytes();
    }
  }

  /** Which operands are read where the plan puts them. */
  @FunctionalInterface
  public interface Reads {
    /**
     * Whether a node needs what is in an operand's buffer.
     *
     * @param operand number of the operand
     */
    boolean reads(Node node, int operand);
  }

  /** Which results are parts of others, and how much room results need. */
  public interface Places {
    /** The earlier result in whose buffer a result lies, as a part of it; null if it is no part. */
    default @Nullable Value whole(Value result) {
      return null;
    }

    /** Elements of the buffer that a result needs. */
    default long elements(Value result) {
      return result.shape().elements();
    }
  }

  /**
   * Results that share a buffer by being computed in place, or as parts of another, and when the
   * first and last live.
   */
  private static final class Lifetime {
    final DType dtype;
    final int begin;
    int end;
    final long elements;

    /** Whether parts lie in it, in whose place nothing else may be computed. */
    boolean divided;

    Lifetime(Value value, int begin, long elements) {
      this.dtype = value.type().dtype();
      this.begin = begin;
      this.end = begin;
      this.elements = elements;
    }

    SharedBuffers.Need need() {
      return new SharedBuffers.Need(dtype, elements, begin, end);
    }
  }

  private final List<Node> order;
  private final SharedBuffers buffers;
  private final int[] bufferOf;
  private final long forwardBytes;

  private BufferPlan(Graph graph, List<Node> order, Reads reads, Places places) {
    this.order = order;
    this.bufferOf = new int[graph.values().size()];
    int[] lastUse = lastUses(graph, order, reads);
    Lifetime[] lifetimes = lifetimes(graph, order, lastUse, places);
    this.buffers = assign(lifetimes);
    this.forwardBytes = keptForBackward(order, lifetimes);
  }

  /** The plan for {@code graph} run in the order of {@link Schedule#of}. */
  public static BufferPlan of(Graph graph) {
    return of(graph, (_, _) -> true);
  }

  /**
   * The plan for an engine that reads some operands elsewhere, such as copies that it has made: a
   * buffer is free as soon as nobody reads it any more.
   */
  public static BufferPlan of(Graph graph, Reads reads) {
    return of(graph, reads, new Places() {});
  }

  /** As {@link #of(Graph, Reads)}, for an engine that puts some results into others as well. */
  public static BufferPlan of(Graph graph, Reads reads, Places places) {
    return new BufferPlan(graph, Schedule.of(graph), reads, places);
  }

  private static int[] lastUses(Graph graph, List<Node> order, Reads reads) {
    int[] last = new int[graph.values().size()];
    Arrays.fill(last, -1);
    for (int i = 0; i < order.size(); i++) {
      Node node = order.get(i);
      for (int index = 0; index < node.operands().size(); index++) {
        if (reads.reads(node, index)) {
          last[node.operand(index).id()] = i;
        }
      }
    }
    for (Value output : graph.outputs()) {
      last[output.id()] = order.size();
    }
    return last;
  }

  private static Lifetime[] lifetimes(Graph graph, List<Node> order, int[] lastUse, Places places) {
    Lifetime[] lifetimes = new Lifetime[graph.values().size()];
    for (int i = 0; i < order.size(); i++) {
      Node node = order.get(i);
      for (int r = 0; r < node.results().size(); r++) {
        Value result = node.result(r);
        Value whole = places.whole(result);
        Lifetime taken = null;
        if (whole != null) {
          taken = lifetimes[whole.id()];
          taken.divided = true;
        } else if (r == 0) {
          taken = takenOver(node, i, lifetimes, lastUse);
        }
        Lifetime lifetime =
            taken == null ? new Lifetime(result, i, places.elements(result)) : taken;
        lifetime.end = Math.max(lifetime.end, Math.max(i, lastUse[result.id()]));
        lifetimes[result.id()] = lifetime;
      }
    }
    return lifetimes;
  }

  private static @Nullable Lifetime takenOver(
      Node node, int position, Lifetime[] lifetimes, int[] lastUse) {
    Set<Integer> allowed = node.op().inPlace();
    Value result = node.result(0);
    for (int index = 0; index < node.operands().size(); index++) {
      Value operand = node.operand(index);
      Lifetime lifetime = lifetimes[operand.id()];
      boolean once = node.operands().stream().filter(other -> other == operand).count() == 1;
      if (allowed.contains(index)
          && lifetime != null
          && !lifetime.divided
          && once
          && lastUse[operand.id()] == position
          && operand.type().equals(result.type())) {
        return lifetime;
      }
    }
    return null;
  }

  private SharedBuffers assign(Lifetime[] lifetimes) {
    List<Lifetime> distinct =
        Arrays.stream(lifetimes).filter(lifetime -> lifetime != null).distinct().toList();
    SharedBuffers shared = SharedBuffers.of(distinct.stream().map(Lifetime::need).toList());
    for (int id = 0; id < lifetimes.length; id++) {
      bufferOf[id] = lifetimes[id] == null ? -1 : shared.bufferOf(distinct.indexOf(lifetimes[id]));
    }
    return shared;
  }

  /** Bytes of the distinct results that are made before the backward pass and read in or after. */
  private static long keptForBackward(List<Node> order, Lifetime[] lifetimes) {
    int boundary = 0;
    while (boundary < order.size() && order.get(boundary).phase() != Node.Phase.BACKWARD) {
      boundary++;
    }
    int backward = boundary;
    return Arrays.stream(lifetimes)
        .filter(lifetime -> lifetime != null)
        .distinct()
        .filter(lifetime -> lifetime.begin < backward && lifetime.end >= backward)
        .mapToLong(lifetime -> lifetime.elements * lifetime.dtype.bytes())
        .sum();
  }

  /** The nodes in the order in which the plan holds. */
  public List<Node> order() {
    return order;
  }

  /** All buffers. */
  public List<Buffer> buffers() {
    return buffers.buffers();
  }

  /** Number of the buffer that a result lies in, or -1 if the value is not planned. */
  public int bufferOf(Value value) {
    return bufferOf[value.id()];
  }

  /** Bytes of all buffers together: the working memory of the program. */
  public long bytes() {
    return buffers().stream().mapToLong(Buffer::bytes).sum();
  }

  /**
   * Activation bytes: what the forward pass makes and keeps for the backward pass. Without a
   * backward pass only the outputs count.
   */
  public long activationBytes() {
    return forwardBytes;
  }
}
