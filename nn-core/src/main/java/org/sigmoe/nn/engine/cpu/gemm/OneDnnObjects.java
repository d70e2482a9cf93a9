package org.sigmoe.nn.engine.cpu.gemm;

import java.util.ArrayDeque;
import java.util.Deque;

/** Owns objects of the library, and destroys them, last made first. */
final class OneDnnObjects implements AutoCloseable {
  private record Owned(String destructor, long handle) {}

  private final OneDnnLibrary library;
  private final Deque<Owned> owned = new ArrayDeque<>();

  OneDnnObjects(OneDnnLibrary library) {
    this.library = library;
  }

  /**
   * Makes an object.
   *
   * @param kind what to make, such as {@code dnnl_stream}: destroyed by {@code dnnl_stream_destroy}
   * @param constructor the function that makes it
   * @param arguments as for {@link OneDnnLibrary#create}
   * @return the library's pointer to the object
   */
  long make(String kind, String constructor, Object... arguments) {
    long handle = library.create(constructor, arguments);
    owned.push(new Owned(kind + "_destroy", handle));
    return handle;
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      Owned last = owned.pop();
      library.call(last.destructor, last.handle);
    }
  }
}
