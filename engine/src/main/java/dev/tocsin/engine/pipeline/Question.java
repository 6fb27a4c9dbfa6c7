package dev.tocsin.engine.pipeline;

/**
 * Something to read from the live trigger state. It runs on the writer thread, so nothing is
 * evaluated meanwhile: it must do a bounded amount of work, must not block, and must not keep the
 * state it received.
 *
 * @param <A> the answer
 */
@FunctionalInterface
public interface Question<A> {

  /** The answer; what it throws, the asker receives. */
  A answer(LiveState state);
}
