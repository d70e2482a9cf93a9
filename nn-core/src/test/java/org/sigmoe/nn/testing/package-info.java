/**
 * What tests of ops and engines share: a case of an op is written once and put to finite
 * differences and to every engine on the class path.
 *
 * <p>Packaged as this module's test jar, so that another module can put its engine to the tests of
 * {@code org.sigmoe.nn.graph.op}: being on the class path as an {@link
 * org.sigmoe.nn.engine.EngineProvider} is enough.
 */
@NullMarked
package org.sigmoe.nn.testing;

import org.jspecify.annotations.NullMarked;
