package org.sigmoe.xl.analysis;

import java.util.List;

/**
 * How the experts of a layer are used.
 *
 * @param use how much each
 * @param coOccurrence row i, column j: of the experts that were selected for a token beside i, the
 *     part that is j (figure 6 of Csordas et al. 2023). Rows add up to 1 and the diagonal is 0;
 *     rows of experts that were never selected beside another are all 0
 */
public record ExpertUse(Use use, List<List<Double>> coOccurrence) {

  /** Copies the rows. */
  public ExpertUse {
    coOccurrence = coOccurrence.stream().map(List::copyOf).toList();
  }
}
