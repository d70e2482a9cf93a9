/**
 * The truth that other engines are held to: every op as its definition reads, in double precision
 * and in plain loops, one class for each op under the op's name, or for two that mirror each other.
 *
 * <p>It is for tests and for reading, and it is slow: no threads, no vectors, no reuse of memory.
 */
@NullMarked
package org.sigmoe.nn.engine.reference;

import org.jspecify.annotations.NullMarked;
