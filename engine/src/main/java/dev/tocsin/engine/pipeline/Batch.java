package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.Store;
import java.util.List;

/**
 * What is evaluated and committed together.
 *
 * @param submissions from outside and from the dispatcher, in order
 * @param feedback own events, taken in before them
 */
record Batch(List<Submission> submissions, List<Store.FeedbackEvent> feedback) {

  /** Nothing. */
  static final Batch EMPTY = new Batch(List.of(), List.of());

  boolean isEmpty() {
    return submissions.isEmpty() && feedback.isEmpty();
  }
}
