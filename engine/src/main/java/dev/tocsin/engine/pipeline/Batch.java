package dev.tocsin.engine.pipeline;

import dev.tocsin.engine.store.FeedbackEvent;
import java.util.List;

/**
 * What is evaluated and committed together.
 *
 * @param submissions from outside and from the dispatcher, in order
 * @param feedback own events, taken in before them
 */
record Batch(List<Submission> submissions, List<FeedbackEvent> feedback) {

  /** Nothing. */
  static final Batch EMPTY = new Batch(List.of(), List.of());

  boolean isEmpty() {
    return submissions.isEmpty() && feedback.isEmpty();
  }
}
