/** Benchmarks. */
package org.sigmoe.bench;
