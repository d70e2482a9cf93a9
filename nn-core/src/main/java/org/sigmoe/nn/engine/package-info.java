/**
 * The service-provider interface of engines, which run graphs, and the choice of one.
 *
 * <p>An engine knows graphs; graphs, layers and models know no engine. Engines are found by {@link
 * java.util.ServiceLoader}, so that one joins by being on the class path.
 */
@NullMarked
package org.sigmoe.nn.engine;

import org.jspecify.annotations.NullMarked;
