/**
 * Fetches files from public addresses, goes on where a transfer was interrupted, and makes sure
 * that what arrived is what was meant.
 *
 * <p>What it is not: it knows no data sets (see {@code data.prepare}) and unpacks nothing.
 */
@NullMarked
package org.sigmoe.xl.data.download;

import org.jspecify.annotations.NullMarked;
