/**
 * Kernels in Java, one class per op family, that TornadoVM compiles for the device: static methods
 * on TornadoVM's own arrays, usable as tasks of anyone's task graph. They know no graph of ours and
 * no engine (of the op package only the numbers that all engines must agree on: the hash behind
 * dropout masks and noise, and the error function's coefficients); sizes are arguments, never the
 * length of an array, which may be longer.
 */
@NullMarked
package org.sigmoe.tornado.kernel;

import org.jspecify.annotations.NullMarked;
