package org.sigmoe.cli.report.runs;

/** How far a run has come. */
public enum Standing {
  /** All its steps are done. */
  FINISHED,
  /** It has steps left: it was stopped or killed, or it trains yet. */
  UNFINISHED,
  /** Loss or gradient were no longer finite, and it was not taken up again. */
  DIVERGED,
  /** It has measured nothing. */
  EMPTY
}
