package org.sigmoe.xl.tokenizer.sentencepiece;

import ai.djl.engine.EngineException;
import ai.djl.sentencepiece.jni.LibUtils;
import ai.djl.sentencepiece.jni.SentencePieceLibrary;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.sigmoe.xl.tokenizer.TokenizerException;

/**
 * A model in SentencePiece's own library, which encodes. May be used by several threads; its memory
 * goes when it is no longer reachable.
 *
 * <p>The library is called below DJL's public classes: those, when they are loaded, ask the network
 * whether they run on Amazon's machines.
 */
final class NativeProcessor {
  private static final Cleaner CLEANER = Cleaner.create();

  private final long handle;

  private NativeProcessor(long handle) {
    this.handle = handle;
    CLEANER.register(this, new Release(handle));
  }

  /** Must not refer to the processor, which it would keep alive. */
  private record Release(long handle) implements Runnable {
    @Override
    public void run() {
      SentencePieceLibrary.LIB.deleteSentencePieceProcessor(handle);
    }
  }

  /** Loads the library when a processor is first wanted. */
  private static final class Library {
    static {
      LibUtils.loadLibrary();
    }

    static SentencePieceLibrary get() {
      return SentencePieceLibrary.LIB;
    }
  }

  /**
   * Loads a model.
   *
   * @throws TokenizerException if the library refuses the model, or if there is no library for this
   *     machine
   */
  static NativeProcessor load(byte[] model) {
    SentencePieceLibrary library = library();
    NativeProcessor processor = new NativeProcessor(library.createSentencePieceProcessor());
    try {
      library.loadModelFromBytes(processor.handle, model);
    } catch (EngineException e) {
      throw new TokenizerException(
          "SentencePiece's library refuses the model: " + e.getMessage(), e);
    }
    return processor;
  }

  private static SentencePieceLibrary library() {
    try {
      return Library.get();
    } catch (LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new TokenizerException(
          ("SentencePiece's library cannot be loaded here (%s); it is unpacked to ~/.djl.ai, or to"
                  + " the folder that the environment variable DJL_CACHE_DIR names")
              .formatted(cause),
          e);
    }
  }

  /** The tokens of a text. */
  int[] encode(String text) {
    try {
      return SentencePieceLibrary.LIB.encode(handle, text);
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
