package org.sigmoe.nn.layer;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What holds for an option of a {@link FeedForwardConfig} that a user does not write. An option
 * without it must be written, but for one that is {@link java.util.Optional}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {

  /**
   * The value as a user would write it, for example {@code 4}, {@code 1e-3} or {@code per-head}.
   */
  String value();
}
