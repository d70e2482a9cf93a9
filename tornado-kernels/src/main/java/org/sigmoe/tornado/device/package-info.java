/** The devices that TornadoVM finds, and what they can do. No graph, no kernel. */
@NullMarked
package org.sigmoe.tornado.device;

import org.jspecify.annotations.NullMarked;
