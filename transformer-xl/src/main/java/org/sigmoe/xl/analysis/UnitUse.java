package org.sigmoe.xl.analysis;

/**
 * How many hidden units are active, that is, not 0 (Csordas et al. 2023, figures 1, 4 and 5).
 *
 * @param units F, how many there are
 * @param mean active units of a token, the mean over the tokens
 * @param deviation their standard deviation over the tokens
 * @param neverActive units that were active for no token
 */
public record UnitUse(int units, double mean, double deviation, int neverActive) {

  /** The mean as a part of all units, in [0, 1]. */
  public double share() {
    return mean / units;
  }
}
