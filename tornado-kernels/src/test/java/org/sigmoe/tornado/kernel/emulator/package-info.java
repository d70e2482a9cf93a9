/**
 * Runs kernels as plain Java, one thread for each of theirs, so that local memory, barriers and
 * tensor cores are held to a reference in tests on any machine. Says nothing of what TornadoVM
 * makes of a kernel: only that its method is right as Java.
 */
@NullMarked
package org.sigmoe.tornado.kernel.emulator;

import org.jspecify.annotations.NullMarked;
