/**
 * Makes prepared data sets: which texts go to which split, what their tokens are, and how both
 * become a folder of {@code data.PreparedData}. The data sets of the paper and a user's own texts
 * are plans ({@link org.sigmoe.xl.data.prepare.DatasetPlan}) that one {@link
 * org.sigmoe.xl.data.prepare.Preparation} carries out.
 *
 * <p>This is not where files are read (see {@code data.documents}) or fetched (see {@code
 * data.download}).
 */
@NullMarked
package org.sigmoe.xl.data.prepare;

import org.jspecify.annotations.NullMarked;
