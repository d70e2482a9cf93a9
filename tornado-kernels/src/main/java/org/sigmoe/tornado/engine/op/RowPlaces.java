package org.sigmoe.tornado.engine.op;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.BufferPlan;
import org.sigmoe.nn.graph.Node;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.cublas.AlignedProduct;

/**
 * Where the rows of products lie that do not follow each other without gaps. Gradients of what
 * {@link Concat} joined need not be split where those of the parts are only read by layer norm's
 * gradient: it finds them where they lie in the whole. A product that is added to one of them adds
 * itself there. The rows of the whole get room for the columns that cuBLAS likes to compute along
 * ({@link AlignedProduct}), and so do those of a product that only an activation reads, and those
 * of attention's queries, keys and values, and the gradient for its results.
 */
public final class RowPlaces implements BufferPlan.Places {

  /**
   * Rows of a tensor [batch, time, columns] in a larger one.
   *
   * @param pitch elements from one row to the next
   * @param time rows of a batch row
   * @param wholeTime rows of a batch row of the larger one
   * @param firstRow of them
   */
  record Rows(int pitch, int time, int wholeTime, int firstRow) {
    /** Those of a tensor that is no part of another. */
    static Rows of(Value value) {
      return new Rows(value.shape().columns(), 1, 1, 0);
    }
  }

  /** Operand of attention and of its gradient. */
  private static final int KEYS_AND_VALUES = 1;

  /** Operand of attention's gradient. */
  private static final int DY = 9;

  private final Map<Value, Value> wholes = new HashMap<>();
  private final Map<Value, Rows> rows = new HashMap<>();
  private final Set<Node> splits = new HashSet<>();

  private RowPlaces() {}

  /** All rows follow each other. */
  public static RowPlaces none() {
    return new RowPlaces();
  }

  /**
   * Those of a schedule whose products are computed in bf16.
   *
   * @param outputs of the graph
   * @param rounded what is written rounded
   */
  public static RowPlaces of(List<Node> schedule, List<Value> outputs, RoundedUses rounded) {
    RowPlaces all = new RowPlaces();
    if (MatMulChoice.chosen() == MatMulChoice.CUBLAS) {
      Readers readers = new Readers(schedule, outputs);
      schedule.stream()
          .filter(node -> node.op() instanceof Activate)
          .filter(node -> rounded.onlyRounded(node.result(0)))
          .forEach(node -> all.giveRoom(node, readers));
      schedule.stream()
          .filter(node -> node.op() instanceof RelativeAttention)
          .filter(FusedAttentionTasks::fits)
          .forEach(
              node -> {
                List<Node> gradients = gradients(node, schedule);
                all.giveRoomToQueries(node, gradients, readers);
                all.giveRoomToKeys(node, gradients, readers);
              });
      schedule.stream()
          .filter(node -> node.op() instanceof Concat.Gradient)
          .forEach(split -> all.find(split, readers));
    }
    return all;
  }

  private void giveRoom(Node activation, Readers readers) {
    Value x = activation.operand(0);
    if (ofRows(x) != null && readers.sole(x) == activation) {
      rows.put(x, new Rows(AlignedProduct.aligned(x.shape().columns()), 1, 1, 0));
    }
  }

  private static List<Node> gradients(Node attention, List<Node> schedule) {
    return schedule.stream()
        .filter(node -> node.op() instanceof RelativeAttention.Gradient)
        .filter(node -> node.operand(0) == attention.operand(0))
        .toList();
  }

  /** The kernels of an attention and of its gradient take one pitch for both. */
  private void giveRoomToQueries(Node attention, List<Node> gradients, Readers readers) {
    Value q = attention.operand(0);
    List<Value> values = new ArrayList<>(List.of(q));
    gradients.forEach(node -> values.add(node.operand(DY)));
    boolean readHere = readers.all(q, node -> node == attention || gradients.contains(node));
    int columns = q.shape().columns();
    int pitch = AlignedProduct.aligned(columns);
    // The kernels tell the number of heads by the pitch.
    if (pitch - columns < RelativeAttention.sizes(attention).headSize()
        && readHere
        && values.stream().allMatch(value -> ofRows(value) != null)
        && gradients.stream().allMatch(node -> readers.sole(node.operand(DY)) == node)) {
      values.forEach(value -> rows.put(value, new Rows(pitch, 1, 1, 0)));
    }
  }

  /** Gradients read what the attention keeps of them. */
  private void giveRoomToKeys(Node attention, List<Node> gradients, Readers readers) {
    Value kv = attention.operand(KEYS_AND_VALUES);
    if (ofRows(kv) != null
        && readers.all(kv, node -> node == attention || gradients.contains(node))) {
      rows.put(kv, new Rows(AlignedProduct.aligned(kv.shape().columns()), 1, 1, 0));
    }
  }

  private void find(Node split, Readers readers) {
    Value whole = split.operand(0);
    if (ofRows(whole) == null || readers.sole(whole) != split) {
      return;
    }
    List<List<Value>> inPlaces =
        split.results().stream().map(part -> inPlace(part, readers)).toList();
    if (inPlaces.stream().anyMatch(List::isEmpty)) {
      return;
    }
    splits.add(split);
    int pitch = AlignedProduct.aligned(whole.shape().columns());
    int wholeTime = whole.shape().size(1);
    rows.put(whole, new Rows(pitch, wholeTime, wholeTime, 0));
    int firstRow = 0;
    for (List<Value> values : inPlaces) {
      int time = values.getFirst().shape().size(1);
      for (Value value : values) {
        wholes.put(value, whole);
        rows.put(value, new Rows(pitch, time, wholeTime, firstRow));
      }
      firstRow += time;
    }
  }

  /** What lies in the place of a part: it, and the sum with a product. None if it is read there. */
  private static List<Value> inPlace(Value part, Readers readers) {
    List<Value> values = new ArrayList<>(List.of(part));
    Value read = part;
    Node reader = readers.sole(part);
    if (reader != null && reader.op() instanceof Add) {
      Node product = ofRows(reader.operand(reader.operand(0) == part ? 1 : 0));
      if (product == null
          || readers.sole(product.result(0)) != reader
          || !readers.isThere(part, product)) {
        return List.of();
      }
      read = reader.result(0);
      values.add(read);
      reader = readers.sole(read);
    }
    boolean unread = readers.all(read, _ -> false);
    return unread || isGradient(reader, read) ? values : List.of();
  }

  /** The product of the rows of its first operand that a value is; null if it is none. */
  private static @Nullable Node ofRows(Value value) {
    return value.origin() instanceof Value.Result(Node node, int _)
            && node.op() instanceof MatMul op
            && op.transposeA() == Transpose.NO
        ? node
        : null;
  }

  private static boolean isGradient(@Nullable Node reader, Value dy) {
    return reader != null && reader.op() instanceof LayerNorm.Gradient && reader.operand(0) == dy;
  }

  /** Where the rows of a value lie. */
  Rows rows(Value value) {
    Rows found = rows.get(value);
    return found == null ? Rows.of(value) : found;
  }

  /** Whether the rows of a value lie otherwise than one behind the other. */
  boolean isPlaced(Value value) {
    return rows.containsKey(value);
  }

  /** Whether a node has nothing to do. */
  boolean contains(Node split) {
    return splits.contains(split);
  }

  @Override
  public @Nullable Value whole(Value result) {
    return wholes.get(result);
  }

  @Override
  public long elements(Value result) {
    Shape shape = result.shape();
    return rows.containsKey(result) ? (long) shape.rows() * rows(result).pitch() : shape.elements();
  }
}
