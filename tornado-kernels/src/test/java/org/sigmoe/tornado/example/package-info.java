/** Examples for users of the kernels, run by the build so that they stay right. */
@NullMarked
package org.sigmoe.tornado.example;

import org.jspecify.annotations.NullMarked;
