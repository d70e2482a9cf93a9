package org.sigmoe.xl.eval;

import java.lang.foreign.MemorySegment;
import org.sigmoe.nn.graph.Value;

/** Looks at what the feed-forward blocks of a model offer while a text is evaluated. */
@FunctionalInterface
public interface BatchObserver {

  /** Looks at nothing. */
  BatchObserver NONE = contents -> {};

  /** A batch has been read; what is seen of it is overwritten by the next. */
  void observe(Contents contents);

  /** Gives what an observation of the graph holds. */
  @FunctionalInterface
  interface Contents {
    /** Its elements, row-major. */
    MemorySegment of(Value observation);
  }
}
