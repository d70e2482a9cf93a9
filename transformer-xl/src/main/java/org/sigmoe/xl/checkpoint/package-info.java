/**
 * The folder of a run: its configuration, its logs and its checkpoints, kept so that a crash, a
 * full disk or a second trainer costs at most the work since the last checkpoint.
 *
 * <pre>
 * runs/first/
 *   config.yaml                      what was trained, written once
 *   checkpoints/step-00001000/
 *     model.safetensors              the weights
 *     optimizer.safetensors          the optimiser's moments
 *     memory.safetensors             the memory carried between segments, and other variables
 *     state.json                     everything else, and the SHA-256 of the three files
 *   metrics.jsonl, events.out.tfevents.*, log.txt
 *   run.lock                         held by the process that trains
 * </pre>
 *
 * <p>A checkpoint depends on the configuration, the data and the step only: no time and no machine
 * is in it, so that a run that was killed and resumed leaves the same bytes as one that was not.
 *
 * <p>What it is not: it does not know models. Which tensors there are, and under which names, is
 * for the trainer to say.
 */
@NullMarked
package org.sigmoe.xl.checkpoint;

import org.jspecify.annotations.NullMarked;
