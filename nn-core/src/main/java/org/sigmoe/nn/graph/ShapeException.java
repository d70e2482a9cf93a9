package org.sigmoe.nn.graph;

/**
 * A graph was built with operands that do not fit; the message names the op, where it stands, the
 * operands and their shapes.
 */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** With a message for the person who builds the graph. */
  public ShapeException(String message) {
    super(message);
  }
}
