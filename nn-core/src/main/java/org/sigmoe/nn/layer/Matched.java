package org.sigmoe.nn.layer;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the option of a {@link FeedForwardConfig}, an {@code int}, that is chosen where a block is
 * to have as many parameters as a dense one ({@link ParameterMatching}): the number of parameters
 * grows with it. A family marks at most one.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Matched {}
