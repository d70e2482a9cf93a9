package org.sigmoe.xl.eval;

/** Hears how far an evaluation is. Called on the thread that evaluates, after every batch. */
@FunctionalInterface
public interface EvaluationListener {

  /** Hears nothing. */
  EvaluationListener NONE = (tokens, soFar) -> {};

  /**
   * A batch is done.
   *
   * @param totalTokens how many tokens there are to predict
   * @param soFar the result over those predicted until now
   */
  void progress(long totalTokens, EvaluationResult soFar);
}
