package org.sigmoe.tornado.kernel;

/**
 * A matrix of bf16 elements on the device.
 *
 * @param array where it lies
 * @param pitch elements from one row to the next; those beyond the matrix' own columns are 0
 */
public record Bf16Matrix(Bf16Array array, int pitch) {}
