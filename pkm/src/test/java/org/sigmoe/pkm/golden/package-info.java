/** Product-key memories against golden cases. */
@NullMarked
package org.sigmoe.pkm.golden;

import org.jspecify.annotations.NullMarked;
