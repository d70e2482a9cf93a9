package org.sigmoe.xl.data.prepare;

import org.sigmoe.xl.data.documents.TextLayout;

/**
 * How documents of JSON lines and parquet files are read.
 *
 * @param field the field or column of the text
 * @param separator what is put after each document, as text
 */
public record DocumentReading(String field, String separator) {

  /** What the paper's code puts after each document of C4 and peS2o. */
  public static final String PUBLISHED_SEPARATOR = "<STORY_SEP>";

  /** As the paper's code reads them. */
  public static final DocumentReading PUBLISHED =
      new DocumentReading(TextLayout.DEFAULT_FIELD, PUBLISHED_SEPARATOR);

  TextLayout layout(TextLayout.Plain plain) {
    return new TextLayout(plain, field, TextLayout.DEFAULT_LONGEST);
  }
}
