/**
 * Golden cases: what the paper's own code was given and gave. Here is how sets of them are read and
 * compared; which computation of ours belongs to a case is said by a {@link
 * org.sigmoe.nn.testing.golden.GoldenRunner} in the module that has it.
 */
@NullMarked
package org.sigmoe.nn.testing.golden;

import org.jspecify.annotations.NullMarked;
