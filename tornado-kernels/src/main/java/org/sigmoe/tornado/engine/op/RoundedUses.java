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
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.Activate;
import org.sigmoe.nn.graph.op.Activation;
import org.sigmoe.nn.graph.op.Add;
import org.sigmoe.nn.graph.op.Concat;
import org.sigmoe.nn.graph.op.CrossEntropy;
import org.sigmoe.nn.graph.op.Dropout;
import org.sigmoe.nn.graph.op.GatherMatMul;
import org.sigmoe.nn.graph.op.LayerNorm;
import org.sigmoe.nn.graph.op.MatMul;
import org.sigmoe.nn.graph.op.Op;
import org.sigmoe.nn.graph.op.RelativeAttention;
import org.sigmoe.nn.graph.op.ScatterMatMul;
import org.sigmoe.nn.graph.op.SumRows;
import org.sigmoe.nn.graph.op.Transpose;
import org.sigmoe.tornado.kernel.RoundedHeadKernels;

/**
 * Which operands the nodes of a schedule read as copies rounded to bf16 ({@link RoundedCopies}):
 * those of products, and those of the gradients of ReLU, of slots' weights and of biases, where
 * they can do without f32. The f32 of a value is needed until its copies are made, unless others
 * read it; and not at all if everybody reads the copy of its rows and its producer writes that
 * instead: memory, and passes over it, are spared.
 */
public final class RoundedUses implements BufferPlan.Reads {

  /**
   * A part of what {@link Concat} joins.
   *
   * @param whole what is joined
   * @param firstRow of the part, in each batch row
   */
  record Part(Value whole, int firstRow) {}

  /** Operand of attention's gradient. */
  private static final int KEYS_AND_VALUES = 1;

  private final Map<Node, Map<Integer, RoundedForm>> uses = new HashMap<>();
  private final Map<Value, List<Node>> readers = new HashMap<>();

  /** Values whose f32 somebody reads, be it to make a copy that its producer can't. */
  private final Set<Value> exact = new HashSet<>();

  /** The node that reads a form first. */
  private final Map<RoundedForm, Node> first = new HashMap<>();

  /**
   * For each gradient of slots' weights the gradient of ReLU that is computed along with it; for
   * each product the ReLU.
   */
  private final Map<Node, Node> joined = new HashMap<>();

  /** Gradients of attention for which keys and values are kept as the kernels read them. */
  private final Set<Node> keepsKeys = new HashSet<>();

  /** What its producer writes rounded where it belongs in something joined. */
  private final Map<Value, Part> parts = new HashMap<>();

  /** Sums that can be written rounded. */
  private final Set<Value> sums = new HashSet<>();

  private RoundedUses() {}

  /** No operand is rounded. */
  public static RoundedUses none() {
    return new RoundedUses();
  }

  /**
   * What is read where products are computed in bf16.
   *
   * @param outputs of the graph, whose f32 the host reads
   */
  public static RoundedUses of(List<Node> schedule, List<Value> outputs) {
    return of(schedule, outputs, Set.of());
  }

  /**
   * The same, where the tasks of some sums can write them rounded.
   *
   * @param gradients those sums
   */
  public static RoundedUses of(
      List<Node> schedule, List<Value> outputs, SparseGradients gradients) {
    return of(schedule, outputs, gradients.roundable());
  }

  private static RoundedUses of(List<Node> schedule, List<Value> outputs, Set<Value> sums) {
    RoundedUses all = new RoundedUses();
    all.sums.addAll(sums);
    for (Node node : schedule) {
      all.uses.put(node, RoundedForm.ofProduct(node));
      node.operands()
          .forEach(v -> all.readers.computeIfAbsent(v, _ -> new ArrayList<>()).add(node));
    }
    all.exact.addAll(outputs);
    schedule.forEach(all::sumRounded);
    schedule.forEach(all::readActivationRounded);
    schedule.forEach(all::note);
    schedule.forEach(all::joinRows);
    schedule.stream()
        .filter(node -> node.op() instanceof RelativeAttention.Gradient)
        .filter(FusedAttentionTasks::fits)
        .forEach(all.keepsKeys::add);
    schedule.forEach(node -> all.joinToProduct(node, outputs));
    return all;
  }

  /**
   * Lets ReLU's gradient read the activation, of which it needs the sign, in the copy that products
   * read, if its own result is for products alone. It then reads the gradient for the activation
   * rounded too, if that is a product that only it reads. If that is computed along with the
   * gradient of the slots' weights, this reads the product before both rounded as well.
   */
  private void readActivationRounded(Node node) {
    if (!(node.op() instanceof Activate.Gradient op) || op.activation() != Activation.RELU) {
      return;
    }
    Value y = node.operand(1);
    if (!forProducts(node.result(0)) || readers(y).stream().noneMatch(n -> readsRows(n, y))) {
      return;
    }
    Value dy = node.operand(0);
    RoundedForm ofY = RoundedForm.rows(y);
    uses.put(node, isForRelu(dy) ? Map.of(0, RoundedForm.rows(dy), 1, ofY) : Map.of(1, ofY));
    if (dy.origin() instanceof Value.Result(Node before, int index)
        && before.op() instanceof ScatterMatMul.WeightGradient
        && index == 0
        && before.operand(1) == y
        && readers(dy).size() == 1
        && !exact.contains(dy)
        && ofExpertsAlone(before.operand(0))) {
      Value u = before.operand(0);
      uses.put(before, Map.of(0, RoundedForm.rows(u), 1, RoundedForm.rows(y)));
      joined.put(before, node);
    }
  }

  /**
   * Whether only a gradient of ReLU reads a value, a product that can be written rounded: what it
   * is behind its columns does not matter there.
   */
  private boolean isForRelu(Value value) {
    List<Node> all = readers(value);
    return all.size() == 1
        && all.getFirst().op() instanceof Activate.Gradient
        && !exact.contains(value)
        && value.origin() instanceof Value.Result(Node product, int _)
        && product.op() instanceof MatMul op
        && op.transposeA() == Transpose.NO
        && MatMulChoice.chosen() == MatMulChoice.CUBLAS;
  }

  /**
   * Lets the gradient of a bias, a sum over rows, read the copy of what it sums that products read,
   * if they alone do besides.
   */
  private void sumRounded(Node node) {
    if (node.op() instanceof SumRows
        && node.operand(0).origin() instanceof Value.Result(Node producer, int _)
        && isOfBias(producer.op())) {
      Value summed = node.operand(0);
      uses.put(node, Map.of(0, RoundedForm.rows(summed)));
      if (!forProducts(summed)
          || readers(summed).stream().allMatch(n -> n.op() instanceof SumRows)) {
        uses.remove(node);
      }
    }
  }

  /** Whether an op may give the gradient of what a bias was added to, and can write it rounded. */
  private static boolean isOfBias(Op op) {
    return op instanceof CrossEntropy.Gradient
        || op instanceof Dropout
        || op instanceof Activate.Gradient gradient && gradient.activation() == Activation.RELU;
  }

  /**
   * Lets the product with experts' matrices apply the ReLU of its result, if only that reads it.
   */
  private void joinToProduct(Node node, List<Value> outputs) {
    Value x = node.operands().isEmpty() ? null : node.operand(0);
    if (x != null
        && node.op() instanceof Activate op
        && op.activation() == Activation.RELU
        && !op.biased()
        && op.rate() == 0
        && onlyRounded(node.result(0))
        && x.origin() instanceof Value.Result(Node product, int _)
        && product.op() instanceof GatherMatMul
        && readers(x).size() == 1
        && !outputs.contains(x)) {
      joined.put(product, node);
    }
  }

  /** Whether a value with one reader is a product that can be written rounded. */
  private boolean ofExpertsAlone(Value u) {
    return u.origin() instanceof Value.Result(Node product, int _)
        && product.op() instanceof GatherMatMul
        && readers(u).size() == 1
        && !exact.contains(u);
  }

  private boolean forProducts(Value value) {
    return !exact.contains(value)
        && !readers(value).isEmpty()
        && readers(value).stream().allMatch(node -> readsRows(node, value));
  }

  private boolean readsRows(Node node, Value value) {
    RoundedForm rows = RoundedForm.rows(value);
    for (int index = 0; index < node.operands().size(); index++) {
      if (node.operand(index) == value && !rows.equals(of(node).get(index))) {
        return false;
      }
    }
    return true;
  }

  private void note(Node node) {
    for (int index = 0; index < node.operands().size(); index++) {
      RoundedForm form = of(node).get(index);
      if (form == null ? !mayBeJoined(node, node.operand(index)) : form.transposed() > 0) {
        exact.add(node.operand(index));
      }
      if (form != null) {
        first.putIfAbsent(form, node);
      }
    }
  }

  /** Whether the producer of a value can write its rows where a node joins them to others. */
  private boolean mayBeJoined(Node node, Value part) {
    return node.op() instanceof Concat
        && part.origin() instanceof Value.Result(Node producer, int index)
        && producer.op() instanceof LayerNorm
        && index == 0
        && readers(part).stream().filter(reader -> reader.op() instanceof Concat).count() == 1;
  }

  /**
   * Lets the producers of what is joined write it where it belongs, if the whole is only read
   * rounded and no part is read in f32.
   */
  private void joinRows(Node node) {
    if (node.op() instanceof Concat) {
      int firstRow = 0;
      for (Value part : node.operands()) {
        if (!exact.contains(part) && onlyRounded(node.result(0))) {
          parts.put(part, new Part(node.result(0), firstRow));
        } else {
          exact.add(part);
        }
        firstRow += part.shape().size(1);
      }
    }
  }

  private List<Node> readers(Value value) {
    return readers.getOrDefault(value, List.of());
  }

  /** The operands that a node reads rounded, by their number. */
  Map<Integer, RoundedForm> of(Node node) {
    return uses.getOrDefault(node, Map.of());
  }

  /** Whether the tasks of a value's producer write the copy of its rows, and no f32. */
  boolean onlyRounded(Value value) {
    return !exact.contains(value)
        && (isCopied(value) || parts.containsKey(value))
        && value.origin() instanceof Value.Result(Node producer, int index)
        && switch (producer.op()) {
          case Activate _ -> true;
          case Activate.Gradient _ -> !of(producer).isEmpty();
          case Add _ -> sums.contains(value);
          case Concat _, CrossEntropy.Gradient _, Dropout _, GatherMatMul _ -> true;
          case LayerNorm _ -> index == 0;
          case MatMul _ -> isForRelu(value);
          // The gradients for queries, and for keys and values.
          case RelativeAttention.Gradient _ ->
              index <= 1
                  && RelativeAttention.sizes(producer).headSize() >= RoundedHeadKernels.LEAST_SIZE;
          default -> false;
        };
  }

  /** Whether there will be a copy of the rows of a value, for products. */
  boolean isCopied(Value value) {
    return first.containsKey(RoundedForm.rows(value));
  }

  /**
   * Where the tasks of a value's producer write its rows rounded, besides the copy of them if there
   * is one; null if nowhere.
   */
  @Nullable Part part(Value value) {
    return parts.get(value);
  }

  /**
   * The gradient of ReLU that the tasks of a gradient of slots' weights compute, or the ReLU that
   * those of a product do; null if none.
   */
  @Nullable Node joined(Node node) {
    return joined.get(node);
  }

  /** Whether the tasks of another node compute this one. */
  boolean isJoined(Node node) {
    return joined.containsValue(node);
  }

  @Override
  public boolean reads(Node node, int operand) {
    RoundedForm form = of(node).get(operand);
    if (form == null) {
      if (keepsKeys.contains(node)) {
        return operand != KEYS_AND_VALUES;
      }
      boolean joined = node.op() instanceof Concat && parts.containsKey(node.operand(operand));
      return !joined && (operand > 0 || !isJoined(node));
    }
    return first.get(form) == node && !onlyRounded(form.value());
  }
}
