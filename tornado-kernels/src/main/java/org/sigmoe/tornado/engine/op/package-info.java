/**
 * How each op becomes tasks: which kernels, over which arrays, on how many threads. One class per
 * op family, called by the name of its kernels. What a task graph is, and how tasks are split over
 * several, is the engine's concern.
 */
@NullMarked
package org.sigmoe.tornado.engine.op;

import org.jspecify.annotations.NullMarked;
