/**
 * Matrix products by NVIDIA's cuBLAS, as library tasks of TornadoVM's task graphs on the CUDA
 * backend. The library is the user's own; it is found by the dynamic loader and called through the
 * Foreign Function API. Only {@code gemm} with f32 results is here, of one or many matrices; which
 * products a graph needs is not known here.
 */
@NullMarked
package org.sigmoe.tornado.cublas;

import org.jspecify.annotations.NullMarked;
