package org.sigmoe.nn.graph;

import java.util.List;
import org.sigmoe.nn.graph.op.Op;

/** One application of an op in a graph. */
public final class Node {

  /** The part of a step that a node belongs to. */
  public enum Phase {
    /** From inputs to outputs and loss. */
    FORWARD,
    /** From loss to gradients. */
    BACKWARD,
    /** From gradients to variables. */
    UPDATE
  }

  private final Op op;
  private final List<Value> operands;
  private final String scope;
  private final Phase phase;
  private List<Value> results = List.of();

  Node(Op op, List<Value> operands, String scope, Phase phase) {
    this.op = op;
    this.operands = List.copyOf(operands);
    this.scope = scope;
    this.phase = phase;
  }

  void results(List<Value> made) {
    results = List.copyOf(made);
  }

  /** What is computed. */
  public Op op() {
    return op;
  }

  /** From what, in the order of {@link Op#operandNames()}. */
  public List<Value> operands() {
    return operands;
  }

  /** Operand number {@code index}. */
  public Value operand(int index) {
    return operands.get(index);
  }

  /** What it makes; empty for an op that only updates variables. */
  public List<Value> results() {
    return results;
  }

  /** Result number {@code index}. */
  public Value result(int index) {
    return results.get(index);
  }

  /** The module of the model that it stands in, for example {@code layers.0.self_attn}. */
  public String scope() {
    return scope;
  }

  /** The part of the step that it belongs to. */
  public Phase phase() {
    return phase;
  }

  /** Floating-point operations and bytes moved by one run. */
  public Cost cost() {
    return op.cost(this);
  }

  @Override
  public String toString() {
    return op.name() + (scope.isEmpty() ? "" : " in " + scope);
  }
}
