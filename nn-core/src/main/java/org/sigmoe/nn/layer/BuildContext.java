package org.sigmoe.nn.layer;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sigmoe.nn.graph.DType;
import org.sigmoe.nn.graph.Graph;
import org.sigmoe.nn.graph.Shape;
import org.sigmoe.nn.graph.TensorType;
import org.sigmoe.nn.graph.Value;
import org.sigmoe.nn.graph.op.DropoutSite;

/**
 * What a layer needs to know of the graph that it appends its ops to, and for what purpose.
 *
 * <p>Dropout sites are numbered in the order in which layers ask for them, which is the order in
 * which the model applies its layers: the same in every training graph of one model. Not safe for
 * use by several threads.
 */
public final class BuildContext {

  /** What a graph is for. */
  public enum Mode {
    /** With dropout and regularisation. */
    TRAINING,
    /** Without them. */
    EVALUATION
  }

  private final Graph graph;
  private final Mode mode;
  private final @Nullable Value dropoutKey;
  private final Set<Observed> observed;
  private final List<Observation> observations = new ArrayList<>();
  private int sites;

  private BuildContext(Graph graph, Mode mode, @Nullable Value dropoutKey, Set<Observed> observed) {
    this.graph = graph;
    this.mode = mode;
    this.dropoutKey = dropoutKey;
    this.observed = Set.copyOf(observed);
  }

  /**
   * For a training graph. Adds the input {@code dropoutKey}, i32[2]: seed and step number, fed
   * before each run.
   */
  public static BuildContext training(Graph graph) {
    Value key = graph.input("dropoutKey", new TensorType(DType.I32, Shape.of(2)));
    return new BuildContext(graph, Mode.TRAINING, key, Set.of());
  }

  /** For an evaluation or generation graph. */
  public static BuildContext evaluation(Graph graph) {
    return new BuildContext(graph, Mode.EVALUATION, null, Set.of());
  }

  /** For an evaluation graph whose layers show all that they offer: see {@link #observe}. */
  public static BuildContext observing(Graph graph) {
    return observing(graph, EnumSet.allOf(Observed.class));
  }

  /**
   * For an evaluation graph whose layers are looked into: see {@link #observe}.
   *
   * @param observed what of that which they offer is wanted
   */
  public static BuildContext observing(Graph graph, Set<Observed> observed) {
    return new BuildContext(graph, Mode.EVALUATION, null, observed);
  }

  /** The graph that ops are appended to. */
  public Graph graph() {
    return graph;
  }

  /** What the graph is for. */
  public Mode mode() {
    return mode;
  }

  /** The input i32[2] with seed and step number; null in evaluation. */
  public @Nullable Value dropoutKey() {
    return dropoutKey;
  }

  /** The value of a parameter. */
  public Value read(Parameter parameter) {
    return graph.read(parameter.variable());
  }

  /**
   * The next dropout site. Every call in training takes a number, also where the rate is 0, so that
   * a rate changes no mask but its own.
   *
   * @param rate probability of dropping, in [0, 1)
   * @return null in evaluation, where nothing is dropped
   */
  public @Nullable DropoutSite dropout(double rate) {
    return dropoutKey == null ? null : new DropoutSite(dropoutKey, sites++, (float) rate);
  }

  /**
   * Offers a value for analysis. Where an {@link #observing} context wants it, it becomes an output
   * of the graph and is listed; elsewhere nothing happens, so that no training pays for it.
   */
  public void observe(Observed what, Value value) {
    if (observed.contains(what)) {
      observations.add(new Observation(what, graph.output(value)));
    }
  }

  /** What was offered in an {@link #observing} context, in order; empty elsewhere. */
  public List<Observation> observations() {
    return List.copyOf(observations);
  }

  /** Nodes appended until the returned scope is closed stand in {@code name}. */
  public Graph.Scope scope(String name) {
    return graph.scope(name);
  }
}
