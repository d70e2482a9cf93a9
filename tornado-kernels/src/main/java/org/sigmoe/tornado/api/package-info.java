/**
 * The kernels as tasks of a user's own task graph, on TornadoVM's arrays and matrices, without any
 * graph or engine of ours.
 */
@NullMarked
package org.sigmoe.tornado.api;

import org.jspecify.annotations.NullMarked;
