package org.sigmoe.tornado.api;

import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Where the slots of tokens go: slot (t, k), number {@code t * slots + k}, belongs to an expert,
 * and the slots are sorted by expert. The arrays are filled by the task that {@link
 * KernelTasks#route} adds, and are there for tasks after it.
 *
 * @param tokens N
 * @param slots K of each token
 * @param experts E
 * @param order i32[N K], number of the slot that comes s-th
 * @param offsets i32[E + 1], expert e owns the sorted rows offsets[e] to offsets[e + 1]
 * @param counts i32[E], how many these are
 */
public record ExpertRoute(
    int tokens, int slots, int experts, IntArray order, IntArray offsets, IntArray counts) {}
