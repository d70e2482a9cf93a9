package org.sigmoe.moe.router;

/** Which of two computations is meant where the paper's code differs from its equations. */
public enum Compat {
  /** What the equations say. */
  NONE,
  /** What the code did that made the paper's numbers, to reproduce these. */
  PAPER_CODE
}
