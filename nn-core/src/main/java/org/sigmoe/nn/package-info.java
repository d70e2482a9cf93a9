/** Foundations of Sigmoe. */
package org.sigmoe.nn;
