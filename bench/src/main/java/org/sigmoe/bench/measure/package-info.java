/**
 * Clocks: JMH around any {@link org.sigmoe.bench.work.Work}, contestants taking turns fork by fork;
 * what the machine can do at best; start-up and memory in a fresh process; and the check that what
 * was timed is right.
 *
 * <p>Not here: what becomes of the numbers.
 */
@NullMarked
package org.sigmoe.bench.measure;

import org.jspecify.annotations.NullMarked;
