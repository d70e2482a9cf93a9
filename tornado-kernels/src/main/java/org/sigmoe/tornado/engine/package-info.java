/**
 * The TornadoVM engine: a graph becomes a list of tasks ({@link org.sigmoe.tornado.engine.op}), the
 * list becomes as few task graphs as TornadoVM's limits allow, and all of them work on the same
 * arrays, which stay on the device from run to run.
 */
@NullMarked
package org.sigmoe.tornado.engine;

import org.jspecify.annotations.NullMarked;
