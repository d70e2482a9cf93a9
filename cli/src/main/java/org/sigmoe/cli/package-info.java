/** The {@code sigmoe} command. */
package org.sigmoe.cli;
