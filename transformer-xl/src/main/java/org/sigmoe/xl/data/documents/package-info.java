/**
 * Texts as other people's files hold them: plain, one JSON object a line, compressed, in parquet
 * files, folders and archives. Everything is read as a stream, one text at a time, and whatever is
 * broken costs no more memory than the longest text that is allowed.
 *
 * <p>This is not where texts become tokens (see {@code data.prepare}).
 */
@NullMarked
package org.sigmoe.xl.data.documents;

import org.jspecify.annotations.NullMarked;
