/**
 * The little of NVIDIA's CUDA driver that the engine calls itself, through the Foreign Function
 * API: what TornadoVM has recorded as CUDA graphs is started again without it.
 */
@NullMarked
package org.sigmoe.tornado.cuda;

import org.jspecify.annotations.NullMarked;
